// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Python;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileLockTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Prints whether fcntl(F_SETLK), exclusive, is granted. */
    private static final String C_TRY =
            """
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            int main(int n, char **args) {
                int fd = open(args[1], O_RDWR);
                struct flock lock = {.l_type = F_WRLCK, .l_start = atol(args[2]), .l_len = atol(args[3])};
                printf("%d\\n", fcntl(fd, F_SETLK, &lock));
                return 0;
            }
            """;

    private static final String PYTHON_HOLD =
            """
            import fcntl, sys
            file = open(sys.argv[1], 'r+')
            fcntl.lockf(file, fcntl.LOCK_EX)
            print('held', flush=True)
            sys.stdin.readline()
            """;

    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void make() {
        file = directory.resolve("lock");
        FileLock.openOrCreate(file).close();
    }

    @Test
    void shouldExcludeOtherHandlesUntilItIsUnlocked() throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            assertThat(first.isHeld()).isTrue();
            assertThat(second.tryLock()).isFalse();
            assertThat(second.tryLockShared()).isFalse();
            assertThat(second.isHeld()).isFalse();
            first.unlock();
            assertThat(second.tryLock()).isTrue();
            assertThat(first.tryLock()).isFalse();
        }
    }

    @Test
    void shouldBeHeldSharedByMany() throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file);
                FileLock third = FileLock.open(file)) {
            first.lockShared();
            assertThat(second.tryLockShared(SHORT)).isTrue();
            assertThat(third.tryLock()).isFalse();
            first.unlock();
            second.unlock();
            assertThat(third.tryLock()).isTrue();
        }
    }

    @Test
    void shouldLockRanges() {
        try (FileLock first = FileLock.open(file, 0, 10);
                FileLock second = FileLock.open(file, 10, 10);
                FileLock both = FileLock.open(file, 9, 2);
                FileLock rest = FileLock.open(file, 20, 0)) {
            assertThat(first.tryLock()).isTrue();
            assertThat(second.tryLock()).isTrue();
            assertThat(both.tryLock()).isFalse();
            assertThat(rest.tryLock()).isTrue();
            first.unlock();
            assertThat(both.tryLock()).isFalse();
            second.unlock();
            assertThat(both.tryLock()).isTrue();
        }
    }

    @Test
    void shouldRefuseARangeThatIsNone() {
        assertThatThrownBy(() -> FileLock.open(file, -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no range of a file: offset=-1, length=1, least=0");
        assertThatThrownBy(() -> FileLock.open(file, Long.MAX_VALUE, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitUntilItIsFree(boolean virtual) throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file);
                FileLock third = FileLock.open(file)) {
            first.lock();
            BlockedCall<Boolean> timed = BlockedCall.start(virtual, () -> second.tryLock(LONG));
            BlockedCall<Void> waiting =
                    BlockedCall.start(
                            virtual,
                            () -> {
                                third.lock();
                                third.unlock();
                                return null;
                            });
            assertThat(timed.isDone()).isFalse();
            first.unlock();
            assertThat(timed.value()).isTrue();
            second.unlock();
            waiting.value();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForTheTimeGiven(boolean virtual) throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            long waited =
                    BlockedCall.start(
                                    virtual,
                                    () -> {
                                        long start = System.nanoTime();
                                        assertThat(second.tryLock(SHORT)).isFalse();
                                        assertThat(second.tryLockShared(Duration.ZERO)).isFalse();
                                        return System.nanoTime() - start;
                                    })
                            .value();
            assertThat(waited).isGreaterThanOrEqualTo(SHORT.toNanos());
            first.unlock();
            assertThat(second.tryLock(SHORT)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndACallWhoseThreadIsInterrupted(boolean virtual) throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            BlockedCall<Boolean> waiting = BlockedCall.start(virtual, () -> second.tryLock(LONG));
            assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);
            first.unlock();
            assertThat(second.tryLock()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAllCallsOfAHandleThatIsClosed(boolean virtual) throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            BlockedCall<Boolean> inTheKernel =
                    BlockedCall.start(virtual, () -> second.tryLock(LONG));
            BlockedCall<Boolean> behindIt = BlockedCall.start(virtual, () -> second.tryLock(LONG));
            second.close();
            second.close();
            assertThat(inTheKernel.failure()).isInstanceOf(Closed.class);
            assertThat(behindIt.failure())
                    .isInstanceOf(Closed.class)
                    .hasMessage("lock on " + file + " is closed");
            assertThatThrownBy(second::tryLock).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldTakeSignalsThatComeWhileItWaits() throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            BlockedCall<Boolean> waiting = BlockedCall.start(() -> second.tryLock(LONG));
            waiting.signal(20);
            assertThat(waiting.isDone()).isFalse();
            first.unlock();
            assertThat(waiting.value()).isTrue();
        }
    }

    @Test
    void shouldExcludeTheThreadsThatShareAHandle() throws Exception {
        try (FileLock lock = FileLock.open(file)) {
            lock.lock();
            assertThatThrownBy(lock::lock)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a file lock is not reentrant");
            BlockedCall<Boolean> other = BlockedCall.start(() -> lock.tryLock(LONG));
            assertThat(other.isDone()).isFalse();
            lock.unlock();
            assertThat(other.value()).isTrue();
            lock.unlock();
            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessage("lock on " + file + " is not held by this handle");
        }
    }

    @Test
    void shouldReleaseWhenItIsClosed() {
        FileLock first = FileLock.open(file);
        assertThat(first.tryLock()).isTrue();
        first.close();
        assertThat(first.isHeld()).isFalse();
        first.unlock();
        try (FileLock second = FileLock.open(file)) {
            assertThat(second.tryLock()).isTrue();
        }
    }

    @Test
    void shouldOutliveACloseOfTheFileElsewhereInTheProcess() throws Exception {
        try (FileLock first = FileLock.open(file);
                FileLock second = FileLock.open(file)) {
            first.lock();
            FileChannel.open(file, StandardOpenOption.WRITE).close();
            assertThat(second.tryLock()).isFalse();
        }
    }

    @Test
    void shouldConflictWithTheLocksOfC() throws Exception {
        CProgram c = CProgram.compile(directory, C_TRY);
        try (FileLock lock = FileLock.open(file, 0, 10)) {
            assertThat(c.run(file, 0, 10)).isEqualTo("0");
            lock.lock();
            assertThat(c.run(file, 9, 1)).isEqualTo("-1");
            assertThat(c.run(file, 10, 1)).isEqualTo("0");
            lock.unlock();
            lock.lockShared();
            assertThat(c.run(file, 0, 1)).isEqualTo("-1");
        }
    }

    @Test
    void shouldWaitForPythonAndForItsDeath() throws Exception {
        Process python = Python.start(PYTHON_HOLD, file.toString());
        try (FileLock lock = FileLock.open(file)) {
            assertThat(python.inputReader().readLine()).isEqualTo("held");
            assertThat(lock.tryLock()).isFalse();
            BlockedCall<Boolean> waiting = BlockedCall.start(() -> lock.tryLock(LONG));
            python.destroyForcibly();
            assertThat(waiting.value()).isTrue();
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldBeReleasedByTheKernelWhenItsHolderIsKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start(Holder.class, file.toString());
                FileLock lock = FileLock.open(file)) {
            assertThat(child.line()).isEqualTo("held");
            assertThat(lock.tryLock()).isFalse();
            BlockedCall<Boolean> waiting = BlockedCall.start(() -> lock.tryLock(LONG));
            child.kill();
            assertThat(waiting.value()).isTrue();
        }
    }

    @Test
    void shouldNotBeInheritedByAChild() throws Exception {
        Process child;
        try (FileLock lock = FileLock.open(file)) {
            lock.lock();
            child = new ProcessBuilder("sleep", "30").start();
        }
        try (FileLock second = FileLock.open(file)) {
            assertThat(second.tryLock()).isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldLockMappedFilesAndSharedMemory() {
        Path data = directory.resolve("data");
        try (MappedFile mapped = MappedFile.create(data, 8192);
                MappedFile range = MappedFile.open(data, 100, 50);
                FileLock whole = FileLock.of(mapped);
                FileLock part = FileLock.of(range, 10, 5);
                FileLock samePart = FileLock.open(data, 110, 5);
                FileLock other = FileLock.open(data, 115, 5)) {
            assertThat(part.tryLock()).isTrue();
            assertThat(samePart.tryLock()).isFalse();
            assertThat(other.tryLock()).isTrue();
            assertThat(whole.tryLock()).isFalse();
        }
        try (SharedMemory memory = SharedMemory.create(100);
                SharedMemory again = SharedMemory.open(memory.name());
                FileLock first = FileLock.of(memory);
                FileLock second = FileLock.of(again);
                FileLock part = FileLock.of(memory, 50, 10)) {
            memory.unlink();
            assertThat(first.tryLock()).isTrue();
            assertThat(second.tryLock()).isFalse();
            assertThat(part.tryLock()).isFalse();
            first.unlock();
            assertThat(part.tryLock()).isTrue();
        }
    }

    @Test
    void shouldLockSharedOnlyWhatMayOnlyBeRead() throws Exception {
        try (SharedMemory memory = SharedMemory.create(100);
                SharedMemory readOnly = SharedMemory.openReadOnly(memory.name());
                FileLock lock = FileLock.of(readOnly)) {
            memory.unlink();
            assertThat(lock.tryLockShared()).isTrue();
            lock.unlock();
            assertThatThrownBy(lock::lock)
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("F_OFD_SETLK, F_WRLCK): EBADF (Bad file descriptor);")
                    .hasMessageContaining("lock it shared");
            assertThat(lock.isHeld()).isFalse();
        }
    }

    @Test
    void shouldMakeTheFileForItsUserAloneAndFollowNoLink() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertThatThrownBy(() -> FileLock.openOrCreate(link))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("ELOOP");
        assertThatThrownBy(() -> FileLock.open(directory.resolve("none")))
                .isInstanceOf(NotFound.class)
                .hasMessageEndingWith("make it with FileLock.openOrCreate");
    }

    @Test
    void shouldTravelUnlocked() throws Exception {
        try (FileLock lock = FileLock.open(file, 3, 4)) {
            lock.lock();
            try (FileLock arrived = Travel.travel(lock)) {
                assertThat(arrived.toString()).isEqualTo(lock.toString());
                assertThat(arrived.isHeld()).isFalse();
                assertThat(arrived.tryLock()).isFalse();
                lock.unlock();
                assertThat(arrived.tryLock()).isTrue();
            }
        }
    }

    /** Holds the lock on a file until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (FileLock lock = FileLock.open(Path.of(args[0]))) {
                lock.lock();
                System.out.println("held");
                Thread.sleep(60_000);
            }
        }
    }
}
