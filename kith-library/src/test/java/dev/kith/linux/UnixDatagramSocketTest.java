// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.CProgram;
import dev.kith.Handover;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.Python;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixDatagramSocketTest {
    private static final String C =
            """
            #include <stdio.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            #include <unistd.h>

            /* argv: my path, the other's path: answers what comes, with its own descriptor 0. */
            int main(int argc, char **argv) {
                int s = socket(AF_UNIX, SOCK_DGRAM, 0);
                struct sockaddr_un me = { AF_UNIX }, other = { AF_UNIX };
                strcpy(me.sun_path, argv[1]);
                strcpy(other.sun_path, argv[2]);
                if (bind(s, (struct sockaddr *) &me, sizeof me)) { perror("bind"); return 1; }
                puts("bound");
                fflush(stdout);
                char text[100];
                ssize_t n = recv(s, text, sizeof text, 0);
                union { char buf[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } u;
                struct iovec iov = { text, n };
                struct msghdr m = { &other, sizeof other, &iov, 1, u.buf, sizeof u.buf };
                struct cmsghdr *c = CMSG_FIRSTHDR(&m);
                c->cmsg_level = SOL_SOCKET;
                c->cmsg_type = SCM_RIGHTS;
                c->cmsg_len = CMSG_LEN(sizeof(int));
                int in = 0;
                memcpy(CMSG_DATA(c), &in, sizeof in);
                if (sendmsg(s, &m, 0) < 0) { perror("sendmsg"); return 1; }
                puts("sent");
                fflush(stdout);
                recv(s, text, sizeof text, 0);
                return 0;
            }
            """;

    @TempDir Path directory;

    @Test
    void shouldTalkToCAndKnowWhoSentWhat() throws Exception {
        CProgram program = CProgram.compile(directory, C);
        String mine = directory.resolve("java").toString();
        String theirs = directory.resolve("c").toString();
        Process c;
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(mine);
                Arena arena = Arena.ofConfined()) {
            socket.options().passCredentials(true);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(mine))))
                    .isEqualTo("rw-------");
            assertThat(socket.localName()).hasValue(mine);
            c = program.start(theirs, mine);
            assertThat(c.inputReader().readLine()).isEqualTo("bound");
            socket.sendTo(theirs, text(arena, "from Java"));
            MemorySegment buffer = arena.allocate(100);
            try (UnixMessage message = socket.receive(buffer)) {
                assertThat(string(buffer, message)).isEqualTo("from Java");
                assertThat(message.sender()).hasValue(theirs);
                assertThat(message.peer().orElseThrow().pid()).isEqualTo(c.pid());
                assertThat(message.descriptors()).hasSize(1);
                assertThat(message.descriptors().getFirst().target()).startsWith("pipe:");
            }
            c.destroyForcibly().waitFor();
            // It left its path behind, and nobody is bound to it.
            assertThatThrownBy(() -> socket.sendTo(theirs, buffer))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("ECONNREFUSED")
                    .hasMessageContaining("start the receiver first");
            UnixDatagramSocket.bind(theirs).close();
            assertThatThrownBy(() -> socket.sendTo(theirs, buffer))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("ENOENT");
        }
        assertThat(Path.of(mine)).doesNotExist();
        assertThat(Path.of(theirs)).doesNotExist();
    }

    @Test
    void shouldReceiveFromManyPythonProcessesAndNoticeTheEndOfAReceiver() throws Exception {
        String name = "@kith-test-" + Math.random();
        Process receiver;
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(name);
                Arena arena = Arena.ofConfined()) {
            String send =
                    """
                    import socket, sys
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    for i in range(50):
                        s.sendto(sys.argv[2].encode() * i, '\\0' + sys.argv[1][1:])
                    """;
            Process first = Python.start(send, name, "a");
            Process second = Python.start(send, name, "b");
            MemorySegment buffer = arena.allocate(100);
            int bytes = 0;
            for (int i = 0; i < 100; i++) {
                try (UnixMessage message = socket.receive(buffer)) {
                    assertThat(string(buffer, message)).matches("a*|b*");
                    bytes += message.length();
                }
            }
            assertThat(bytes).isEqualTo(2 * 49 * 50 / 2);
            assertThat(first.waitFor() + second.waitFor()).isZero();
        }
        receiver =
                Python.start(
                        """
                        import socket, sys, time
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                        s.bind('\\0' + sys.argv[1][1:])
                        print('bound', flush=True)
                        time.sleep(60)
                        """,
                        name);
        receiver.inputReader().readLine();
        try (UnixDatagramSocket socket = UnixDatagramSocket.connect(name);
                Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(8);
            while (socket.trySend(message, List.of(), Duration.ofMillis(30))) {
                // until it is full
            }
            assertThat(socket.trySendTo(name, message, List.of(), Duration.ofMillis(30))).isFalse();
            Thread killer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    Thread.sleep(100);
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                receiver.destroyForcibly();
                            });
            assertThatThrownBy(() -> socket.send(message))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageEndingWith("the receiver has closed its socket or ended");
            assertThatThrownBy(() -> socket.send(message)).isInstanceOf(PeerDied.class);
            killer.join();
        } finally {
            receiver.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldRemoveNoPathThatASenderHasMadeUp() throws Exception {
        Path bound = directory.resolve("a");
        Path madeUp = directory.resolve("b");
        String uri = "unix:" + directory.resolve("channel");
        try (Listener<Object> listener = Listener.open(uri, Codec.objects());
                UnixSocket peer = UnixSocket.connect(directory.resolve("channel").toString());
                Channel<Object> channel = listener.accept();
                Arena arena = Arena.ofConfined()) {
            for (boolean honest : new boolean[] {false, true}) {
                UnixDatagramSocket socket = UnixDatagramSocket.bind(bound.toString()).keep();
                Files.createLink(madeUp, bound);
                Handover handover = Handover.forWriting();
                MemorySegment room = arena.allocate(4096);
                int length =
                        (int) (long) handover.during(() -> Codec.objects().encode(socket, room));
                String text = new String(room.asSlice(0, length).toArray(JAVA_BYTE), ISO_8859_1);
                assertThat(text).contains(bound.toString());
                String sent = honest ? text : text.replace(bound.toString(), madeUp.toString());
                ByteBuffer frame = ByteBuffer.allocateDirect(12 + length);
                frame.putInt(-2).putInt(1).putInt(length).put(sent.getBytes(ISO_8859_1)).flip();
                peer.write(MemorySegment.ofBuffer(frame), socket);
                ((UnixDatagramSocket) channel.receive()).close();
                assertThat(madeUp).exists();
                assertThat(Files.exists(bound)).isEqualTo(!honest);
                socket.close();
                Files.delete(madeUp);
                assertThat(bound).doesNotExist();
            }
        }
    }

    @Test
    void shouldGiveAndTakeNames() throws Exception {
        try (UnixDatagramSocket picked = UnixDatagramSocket.bind("@");
                UnixDatagramSocket unnamed = UnixDatagramSocket.open();
                Arena arena = Arena.ofConfined()) {
            String name = picked.localName().orElseThrow();
            assertThat(name).startsWith("@").hasSizeGreaterThan(1);
            assertThat(unnamed.localName()).isEmpty();
            MemorySegment buffer = arena.allocate(10);
            unnamed.sendTo(name, buffer);
            try (UnixMessage message = picked.receive(buffer)) {
                assertThat(message.sender()).isEmpty();
                assertThat(message.peer()).isEmpty();
            }
            assertThatThrownBy(() -> UnixDatagramSocket.bind(name))
                    .isInstanceOf(AlreadyExists.class)
                    .hasMessageEndingWith("another socket has that name, see kith ls");
            assertThatThrownBy(() -> unnamed.send(buffer))
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith("say where to: sendTo(name, …), or connect(name)");
            assertThatThrownBy(() -> UnixDatagramSocket.connect("@kith-nobody"))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("kith recv unix+dgram:@kith-nobody");
            assertThatThrownBy(() -> UnixDatagramSocket.bind("/tmp/" + "x".repeat(103)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("length=108, limit=107");
        }
        try (UnixDatagramPair pair = UnixDatagramSocket.pair();
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(10);
            pair.first().send(buffer.asSlice(0, 0), pair.first());
            assertThat(pair.second().nextLength()).isZero();
            try (UnixMessage message = pair.second().receive(buffer)) {
                assertThat(message.length()).isZero();
                assertThat(message.isEnd()).isFalse();
                assertThat(message.descriptors()).hasSize(1);
            }
            assertThat(pair.first().peer()).hasValue(dev.kith.Peer.current());
            pair.second().close();
            assertThatThrownBy(() -> pair.first().send(buffer)).isInstanceOf(PeerDied.class);
        }
    }

    private static String string(MemorySegment buffer, UnixMessage message) {
        return new String(
                buffer.asSlice(0, message.length()).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
    }
}
