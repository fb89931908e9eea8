// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.channel.Channel;
import dev.kith.channel.Link;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import dev.kith.posix.Pipe;
import dev.kith.test.Background;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stream does when it cannot go on, or is closed in the middle. */
@Timeout(60)
class BrokenStreamTest {
    @Test
    void shouldCloseDescriptorsThatArriveWhileItIsClosed() throws Exception {
        HasFd[] many = new HasFd[50];
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofShared()) {
            Arrays.fill(many, pipe.reader());
            MemorySegment one = arena.allocate(1);
            for (int i = -1; i < 200; i++) {
                long before = descriptors();
                try (UnixSocketPair pair = UnixSocket.pair()) {
                    UnixStream stream = new UnixStream(pair.second());
                    Background reading =
                            Background.run(() -> {
                                try {
                                    stream.read(Arena.ofAuto().allocate(1), Link.FOREVER);
                                } catch (Closed whileItWaited) {
                                    // nothing had come
                                }
                            });
                    pair.first().write(one, many);
                    stream.close();
                    reading.join();
                }
                if (i >= 0) {
                    assertThat(descriptors()).as("round " + i).isEqualTo(before);
                }
            }
        }
    }

    @Test
    void shouldBreakOffWhereBytesWereLostWithDescriptors() throws Exception {
        Losing stream = new Losing();
        FrameReader reader = new FrameReader(stream, Framing.LENGTH, 100, false, true, "unix:@x");
        assertThatThrownBy(() -> reader.receive(Codec.utf8(), Link.FOREVER))
                .isInstanceOf(Broken.class)
                .hasMessage("descriptors were lost");
        assertThat(stream.closed).isTrue();
        assertThatThrownBy(() -> reader.receive(Codec.utf8(), Link.FOREVER))
                .isInstanceOf(Closed.class)
                .hasMessage("unix:@x: closed after a broken message");
    }

    @Test
    void shouldTellAReceiveWhatALookHasMet() throws Exception {
        String name = "@broken-" + ProcessHandle.current().pid();
        try (Listener<String> listener = Listener.open("unix:" + name, Codec.utf8());
                UnixSocket peer = UnixSocket.connect(name);
                Channel<String> channel = listener.accept();
                Arena arena = Arena.ofConfined()) {
            peer.write(arena.allocateFrom("GET / HTTP/1.1\r\n", UTF_8));
            while (!channel.isReady()) {
                Thread.sleep(1);
            }
            assertThat(channel.isReady()).isTrue();
            assertThatThrownBy(channel::receive)
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("these bytes are the text \"GET \"");
            assertThat(channel.isReady()).isTrue();
            assertThatThrownBy(channel::receive).isInstanceOf(Closed.class);
        }
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /**
     * Says at its first read that descriptors were lost, and goes on in the middle of a message.
     */
    private static final class Losing implements ByteStream {
        private boolean lost;
        private boolean closed;

        @Override
        public int read(MemorySegment buffer, long timeoutNanos) {
            if (!lost) {
                lost = true;
                throw new Broken("descriptors were lost");
            }
            buffer.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 0);
            return 4;
        }

        @Override
        public int write(MemorySegment buffer, long timeoutNanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void endOutput() {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public Waitable.Registration whenReady(Runnable wake) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object handle() {
            return this;
        }

        @Override
        public Optional<Object> travels() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
