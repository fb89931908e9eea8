// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.linux.Fd;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The descriptors behind the handles. */
@LeavesNothingBehind
class HasFdTest {
    @TempDir private Path folder;

    @Test
    void shouldShowTheDescriptorOfEveryHandleThatStandsOnOne() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (Pipe pipe = Pipe.open();
                MessageQueue queue = MessageQueue.create(2, 64);
                SharedMemory memory = SharedMemory.create(64);
                FileLock lock = FileLock.open(file)) {
            queue.unlink();
            memory.unlink();
            assertThat(target(pipe.reader())).startsWith("pipe:[");
            assertThat(target(pipe.writer())).isEqualTo(target(pipe.reader()));
            assertThat(target(queue)).isEqualTo(queue.name() + " (deleted)");
            assertThat(target(memory)).isEqualTo("/dev/shm" + memory.name() + " (deleted)");
            assertThat(target(lock)).isEqualTo(file.toString());
            for (HasFd handle : List.of(pipe.reader(), pipe.writer(), queue, memory, lock)) {
                try (Fd copy = Fd.own(handle.duplicateFd())) {
                    assertThat(copy.fd()).isNotEqualTo(handle.fd());
                    assertThat(copy.target()).isEqualTo(target(handle));
                    assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + copy.fd())))
                            .matches("(?s).*flags:\\t0?2\\d{6}\\n.*");
                }
            }
        }
    }

    @Test
    void shouldHaveNoneWhenClosed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Pipe pipe = Pipe.open();
        MessageQueue queue = MessageQueue.create(2, 64);
        SharedMemory memory = SharedMemory.create(64);
        FileLock lock = FileLock.open(file);
        queue.unlink();
        memory.unlink();
        for (HasFd handle : List.of(pipe.reader(), pipe.writer(), queue, memory, lock)) {
            ((AutoCloseable) handle).close();
            assertThatThrownBy(handle::fd).isInstanceOf(Closed.class);
            assertThatThrownBy(handle::duplicateFd).isInstanceOf(Closed.class);
        }
    }

    private static String target(HasFd handle) throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + handle.fd())).toString();
    }
}
