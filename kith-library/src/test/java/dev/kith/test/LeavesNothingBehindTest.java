// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.kith.Python;
import dev.kith.linux.UnixListener;
import dev.kith.posix.Fifo;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.Pipe;
import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.sysv.Key;
import dev.kith.sysv.SemaphoreSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs classes that leave something behind. */
@Timeout(60)
class LeavesNothingBehindTest {
    private static final String NAME = "/kith-test-" + ProcessHandle.current().pid();

    /** What the classes below left, to be removed. */
    private static final List<AutoCloseable> LEFT = new ArrayList<>();

    private static Path temporary;

    @BeforeEach
    void makeFolder() throws IOException {
        temporary = Files.createTempDirectory("kith-leaves");
    }

    @AfterEach
    void removeAll() throws Exception {
        for (AutoCloseable each : LEFT.reversed()) {
            each.close();
        }
        LEFT.clear();
        Files.delete(temporary);
    }

    @Test
    void shouldSayWhatAMethodLeftOfEachKind() throws Exception {
        String message = messageOf(Leaves.class);
        assertThat(message).startsWith("leaves left behind:\n");
        long pid = ((Child) LEFT.get(7)).process.pid();
        for (String line :
                List.of(
                        "  shm:" + NAME + "; remove it with: kith rm shm:" + NAME,
                        "  psem:" + NAME + "; remove it with: kith rm psem:" + NAME,
                        "  mq:" + NAME + "; remove it with: kith rm mq:" + NAME,
                        "  sysvsem:" + key() + "; remove it with: kith rm sysvsem:" + key(),
                        "  fifo:" + fifo() + "; remove it with: kith rm fifo:" + fifo(),
                        "  unix:@" + NAME + "; remove it with: close() of the socket, which is",
                        "  process " + pid + " (",
                        "; remove it with: kill " + pid,
                        "  thread kith-of-a-test; remove it with: close() of what started it",
                        " (pipe:[",
                        " (unix:@" + NAME + "); remove it with: close() of whatever holds it")) {
            assertThat(message).contains(line);
        }
    }

    @Test
    void shouldFailAClassThatLeavesAFileOpen() {
        assertThat(messageOf(LeavesAFileOpen.class))
                .startsWith("LeavesAFileOpen left behind:\n  descriptor ")
                .contains(temporary.resolve("open") + ")");
    }

    @Test
    void shouldPassWhatCleansUpOrIsLeftOut() {
        assertThat(failures(CleansUp.class)).isEmpty();
        assertThat(failures(LeavesWhatIsLeftOut.class)).isEmpty();
    }

    @Test
    void shouldNotBlameATestForWhatAnotherProgramMakesAndUses() throws Exception {
        // Its parent ends, so that it is nobody's of this process: as one of another build.
        Process starter =
                Python.start(
                        """
                        import mmap, os, sys, time
                        name = '/dev/shm' + sys.argv[1]
                        if os.fork() > 0:
                            time.sleep(60)
                            os._exit(0)
                        parent = os.getpid()
                        if os.fork() > 0:
                            os._exit(0)
                        while os.getppid() == parent: time.sleep(0.01)
                        sys.stdin.readline()
                        fd = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
                        os.ftruncate(fd, 4096)
                        memory = mmap.mmap(fd, 4096)
                        print('made', flush=True)
                        while os.path.exists(name): time.sleep(0.02)
                        """,
                        NAME);
        LEFT.add(new Child(starter));
        LEFT.add(() -> SharedMemory.unlink(NAME));
        OtherMakes.other = starter;
        assertThat(failures(OtherMakes.class)).isEmpty();
        assertThat(Path.of("/dev/shm" + NAME)).exists();
    }

    private static String key() {
        return ((SemaphoreSet) LEFT.get(3)).key().toString();
    }

    private static Path fifo() {
        return Path.of(System.getProperty("java.io.tmpdir"), NAME);
    }

    private static String messageOf(Class<?> type) {
        List<Throwable> failures = failures(type);
        assertThat(failures).hasSize(1);
        return failures.getFirst().getMessage();
    }

    private static List<Throwable> failures(Class<?> type) {
        List<Throwable> failures = new ArrayList<>();
        List<Status> tests = new ArrayList<>();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(type))
                        .configurationParameter(
                                "junit.jupiter.extensions.autodetection.enabled", "false")
                        .build();
        LauncherFactory.create()
                .execute(
                        request,
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                result.getThrowable().ifPresent(failures::add);
                                if (test.isTest()) {
                                    tests.add(result.getStatus());
                                }
                            }
                        });
        assertThat(tests).hasSize(1);
        return failures;
    }

    /** A process of this test, ended when it is closed. */
    private record Child(Process process) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }

    static class Leaves {
        @Test
        @LeavesNothingBehind
        void leaves() throws Exception {
            LEFT.add(() -> SharedMemory.unlink(NAME));
            SharedMemory.create(NAME, 4096).close();
            LEFT.add(() -> Semaphore.unlink(NAME));
            Semaphore.create(NAME, 0).close();
            LEFT.add(() -> MessageQueue.unlink(NAME));
            MessageQueue.create(NAME).close();
            SemaphoreSet set = SemaphoreSet.create(Key.random(), 1);
            LEFT.add(set);
            LEFT.add(() -> Files.delete(fifo()));
            Fifo.create(fifo());
            LEFT.add(UnixListener.bind("@" + NAME));
            Pipe pipe = Pipe.open();
            LEFT.add(() -> {
                pipe.reader().close();
                pipe.writer().close();
                set.unlink();
            });
            LEFT.add(new Child(new ProcessBuilder("sleep", "60").start()));
            CountDownLatch end = new CountDownLatch(1);
            Thread.ofPlatform()
                    .name("kith-of-a-test")
                    .start(() -> {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            LEFT.add(end::countDown);
        }
    }

    @LeavesNothingBehind
    static class LeavesAFileOpen {
        @Test
        void leaves() throws IOException {
            Path file = temporary.resolve("open");
            var out = Files.newOutputStream(file);
            LEFT.add(() -> {
                out.close();
                Files.delete(file);
            });
        }
    }

    @LeavesNothingBehind
    static class CleansUp {
        @Test
        @LeavesNothingBehind
        void cleansUp() throws Exception {
            try (SharedMemory memory = SharedMemory.create(NAME, 4096)) {
                memory.unlink();
            }
            Process child = new ProcessBuilder("sleep", "0.2").start();
            assertThat(Optional.of(child)).isPresent();
        }
    }

    @LeavesNothingBehind(except = Leftover.MEMORY)
    static class LeavesWhatIsLeftOut {
        @Test
        void leaves() {
            LEFT.add(() -> SharedMemory.unlink(NAME));
            SharedMemory.create(NAME, 4096).close();
        }
    }

    static class OtherMakes {
        static Process other;

        @Test
        @LeavesNothingBehind
        void waits() throws IOException {
            other.outputWriter().append('\n').flush();
            assertThat(other.inputReader().readLine()).isEqualTo("made");
        }
    }
}
