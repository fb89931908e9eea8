// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.Handover;
import dev.kith.IpcException;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.posix.Pipe;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends of pipes and sockets that a task captures. */
@Timeout(60)
class WorkerDescriptorTest {
    private static Worker worker;

    @BeforeAll
    static void startWorker() {
        worker = Worker.start();
    }

    @AfterAll
    static void closeWorker() {
        worker.close();
    }

    @Test
    void shouldHandTheSendingEndToTheChild() throws Exception {
        ChannelPair<List<Object>> pair = Channel.pair("pipe:", Codec.objects());
        Sender<List<Object>> sender = pair.sender();
        Job<Void> job =
                Worker.start(() -> {
                    sender.send(Arrays.asList(42, null, "hello"));
                    sender.close();
                });
        Receiver<List<Object>> receiver = pair.receiver();
        assertThat(receiver.receive()).isEqualTo(Arrays.asList(42, null, "hello"));
        assertThatThrownBy(receiver::receive).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> sender.send(List.of())).isInstanceOf(Closed.class);
        job.join();
        receiver.close();
    }

    @Test
    void shouldHandEndsToAChildThatRuns() throws Exception {
        try (ChannelPair<String> pair = Channel.pair("socketpair:", Codec.utf8())) {
            Channel<String> there = pair.second();
            CompletableFuture<Void> echo =
                    worker.async(() -> {
                        there.send(there.receive() + "!");
                        there.close();
                    });
            pair.first().send("hello");
            assertThat(pair.first().receive()).isEqualTo("hello!");
            echo.get();
        }
    }

    @Test
    void shouldHandOverManyDescriptorsAtOnce() throws Exception {
        List<PipeReader> readers = new ArrayList<>();
        List<PipeWriter> writers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Pipe pipe = Pipe.open();
            readers.add(pipe.reader());
            writers.add(pipe.writer());
        }
        worker.run(() -> {
            for (int i = 0; i < writers.size(); i++) {
                writers.get(i).outputStream().write(i % 256);
                writers.get(i).close();
            }
        });
        for (int i = 0; i < readers.size(); i++) {
            assertThat(readers.get(i).inputStream().readAllBytes()).containsExactly(i % 256);
            readers.get(i).close();
        }
    }

    @Test
    void shouldKeepAnEndThatIsKept() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            PipeWriter writer = pipe.writer().keep();
            for (int i = 0; i < 3; i++) {
                int number = i;
                worker.run(() -> {
                    writer.outputStream().write(number);
                    writer.close();
                });
            }
            writer.close();
            assertThat(pipe.reader().inputStream().readAllBytes()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void shouldRefuseAnEndThatWasHandedOverBefore() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            PipeWriter writer = pipe.writer();
            worker.run(() -> writer.close());
            assertThatThrownBy(() -> worker.run(() -> writer.close()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("writer (dev.kith.posix.PipeWriter)")
                    .hasMessageContaining("writing end of a pipe is closed");
        }
    }

    @Test
    void shouldEndTheStreamWhenTheChildDiesBeforeItHasTheEnd() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            PipeWriter writer = pipe.writer();
            Job<Void> job = Worker.start(() -> writer.outputStream().write(1));
            job.kill();
            assertThat(pipe.reader().inputStream().readAllBytes()).isEmpty();
            assertThatThrownBy(job::result).isInstanceOf(WorkerDied.class);
        }
    }

    @Test
    void shouldLeaveNoDescriptorInTheChild() throws Exception {
        long before = 0;
        for (int i = 0; i < 4; i++) {
            // The first round loads classes.
            before = i == 1 ? worker.run(() -> descriptors()) : before;
            Pipe pipe = Pipe.open();
            PipeWriter writer = pipe.writer();
            PipeReader reader = pipe.reader();
            // The task of the first cannot be read there, that of the second does not begin.
            Unreadable unreadable = new Unreadable();
            assertThatThrownBy(() ->
                            worker.run(() -> {
                                unreadable.hashCode();
                                writer.close();
                            }))
                    .isInstanceOf(TaskFailed.class);
            CompletableFuture<Void> busy = worker.async(() -> Thread.sleep(100));
            worker.async(() -> reader.close()).cancel(true);
            busy.get();
        }
        assertThat(worker.run(() -> descriptors())).isEqualTo(before);
    }

    @Test
    void shouldLeaveNoDescriptorInTheParent() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 3; i++) {
            Pipe pipe = Pipe.open();
            PipeWriter writer = pipe.writer();
            PipeReader reader = pipe.reader();
            worker.run(() -> {
                writer.close();
                reader.close();
            });
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void shouldRefuseAnEndAsAResult() {
        assertThatThrownBy(() -> worker.run(() -> Pipe.open()))
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("the task's result, a dev.kith.posix.Pipe, cannot travel")
                .hasMessageContaining("send it over a Unix socket");
    }

    /** Travels, but does not arrive. */
    private static final class Unreadable implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            if (Handover.class.getName().isEmpty()) {
                return this;
            }
            throw new IpcException("cannot be read");
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }
}
