// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.Closed;
import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.Nobody;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.Python;
import dev.kith.posix.Pipe;
import dev.kith.posix.Signals;
import dev.kith.process.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PidFdTest {
    @Test
    void shouldSeeTheEndOfAProcessThatIsKilled() throws Exception {
        Process process = sleeping();
        try (PidFd handle = PidFd.open(process.pid())) {
            CountDownLatch told = new CountDownLatch(1);
            assertThat(handle.isAlive()).isTrue();
            assertThat(handle.isReady()).isFalse();
            assertThat(handle.peer().orElseThrow().pid()).isEqualTo(process.pid());
            try (var request = handle.whenReady(told::countDown)) {
                assertThat(request).isNotNull();
                handle.send(Signals.number("KILL"));
                told.await();
            }
            handle.join();
            assertThat(handle.join(Duration.ZERO)).isTrue();
            assertThat(handle.isAlive()).isFalse();
            assertThat(handle.isReady()).isTrue();
            assertThat(process.waitFor()).isEqualTo(128 + 9);
            assertThatThrownBy(() -> handle.send(15))
                    .isInstanceOf(NotFound.class)
                    .hasMessage(
                            "pidfd_send_signal(%d, 15): ESRCH (No such process); it has ended"
                                    .formatted(process.pid()));
            assertThatThrownBy(() -> handle.duplicate(1))
                    .isInstanceOf(NotFound.class)
                    .hasMessageEndingWith("it has ended");
        }
    }

    @Test
    void shouldNotOpenAProcessThatIsNoMore() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThatThrownBy(() -> PidFd.open(process.pid()))
                .isInstanceOf(NotFound.class)
                .hasMessageStartingWith("pidfd_open(" + process.pid() + "): ESRCH")
                .hasMessageEndingWith("see ps -p " + process.pid());
        assertThatThrownBy(() -> PidFd.open(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pid=0, least=1, most=2147483647");
    }

    @Test
    void shouldNotTakeAnotherProcessForOneWhoseNumberItHas() throws Exception {
        Process process = sleeping();
        try {
            Peer peer = Peer.of(process.pid()).orElseThrow();
            try (PidFd handle = PidFd.open(peer)) {
                assertThat(handle.isAlive()).isTrue();
                assertThat(handle.peer()).contains(peer);
            }
            assertNotFound(peer, peer.startTicks() - 1, peer.bootId(), peer.pidNamespace());
            assertNotFound(peer, peer.startTicks(), "another boot", peer.pidNamespace());
            assertNotFound(peer, peer.startTicks(), peer.bootId(), peer.pidNamespace() + 1);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldDuplicateADescriptorOfAPythonProgram() throws Exception {
        Process python =
                Python.start(
                        """
                        import os, sys
                        r, w = os.pipe()
                        print(w, flush=True)
                        os.write(1, os.read(r, 100))
                        """);
        try (PidFd handle = PidFd.open(python.pid());
                Arena arena = Arena.ofConfined()) {
            int there = Integer.parseInt(python.inputReader().readLine());
            try (Fd pipe = handle.duplicate(there)) {
                assertThat(pipe.target()).startsWith("pipe:[");
                pipe.write(bytes(arena, "from Java\n"));
            }
            assertThat(python.inputReader().readLine()).isEqualTo("from Java");
            handle.join();
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldSayThatTheOtherHasNoSuchDescriptor() throws Exception {
        Process process = sleeping();
        try (PidFd handle = PidFd.open(process.pid())) {
            assertThatThrownBy(() -> handle.duplicate(777))
                    .isInstanceOf(IpcException.class)
                    .hasMessage(
                            "pidfd_getfd(%d, 777): EBADF (Bad file descriptor); it has no such"
                                            .formatted(process.pid())
                                    + " descriptor; see ls -l /proc/%d/fd"
                                            .formatted(process.pid()));
            assertThatThrownBy(() -> handle.duplicate(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("fdThere=-1, least=0");
            assertThatThrownBy(() -> handle.send(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("signal=0, least=1, most=64");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldBeHeldByACProgramToo(@TempDir Path directory) throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #define _GNU_SOURCE
                        #include <poll.h>
                        #include <stdio.h>
                        #include <stdlib.h>
                        #include <sys/syscall.h>
                        #include <unistd.h>
                        int main(int argc, char **argv) {
                            int java = syscall(SYS_pidfd_open, atoi(argv[1]), 0);
                            int fd = syscall(SYS_pidfd_getfd, java, atoi(argv[2]), 0);
                            struct pollfd end = {fd, POLLIN, 0};
                            printf("%d\\n", poll(&end, 1, 0));
                            fflush(stdout);
                            printf("%d\\n", poll(&end, 1, -1));
                            return 0;
                        }
                        """);
        Process process = sleeping();
        try (PidFd handle = PidFd.open(process.pid())) {
            Process other = program.start(ProcessHandle.current().pid(), handle.fd());
            assertThat(other.inputReader().readLine()).isEqualTo("0");
            handle.send(9);
            assertThat(other.inputReader().readLine()).isEqualTo("1");
            assertThat(other.waitFor()).isZero();
        }
    }

    @Test
    void shouldTakeOverADescriptorOfItsKindOnly() throws Exception {
        Process process = sleeping();
        try (PidFd first = PidFd.open(process.pid());
                PidFd second = PidFd.own(Fd.of(first));
                Pipe pipe = Pipe.open();
                Fd other = Fd.of(pipe.reader())) {
            assertThat(second.pid()).isEqualTo(process.pid());
            assertThat(second.peer()).isEqualTo(first.peer());
            assertThatThrownBy(() -> PidFd.own(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("fd \\d+ is no pidfd: it is pipe:\\[\\d+\\]");
            assertThat(other.fd()).isNotNegative();
            process.destroyForcibly().waitFor();
            try (PidFd ended = PidFd.own(Fd.of(first))) {
                assertThat(ended.isAlive()).isFalse();
                assertThat(ended.pid()).isEqualTo(-1);
                assertThat(ended.peer()).isEmpty();
            }
        }
    }

    @Test
    void shouldBeHandedOverToAChild() throws Exception {
        Process process = sleeping();
        PidFd handle = PidFd.open(process.pid());
        long pid = process.pid();
        try (Worker child = Worker.start()) {
            child.run(() -> {
                if (handle.pid() != pid) {
                    throw new AssertionError(handle.pid());
                }
                handle.send(Signals.number("KILL"));
                handle.join();
            });
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThatThrownBy(handle::isAlive).isInstanceOf(Closed.class);
    }

    @Test
    void shouldSayWhatItTakesToReachAProcessOfAnotherUser() throws Exception {
        Process process = sleeping();
        try {
            assertThat(Nobody.run(Reaching.class, Long.toString(process.pid())))
                    .hasSize(2)
                    .anySatisfy(line ->
                            assertThat(line)
                                    .startsWith(
                                            "pidfd_send_signal(" + process.pid() + ", 15): EPERM")
                                    .endsWith(
                                            "only its user, or one with CAP_KILL, may send it a"
                                                    + " signal"))
                    .anySatisfy(line ->
                            assertThat(line)
                                    .startsWith("pidfd_getfd(" + process.pid() + ", 0): EPERM")
                                    .contains("it takes the right to trace it (ptrace(2))")
                                    .contains("CAP_SYS_PTRACE"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The JVM of another user. */
    static final class Reaching {
        private Reaching() {}

        public static void main(String[] args) {
            try (PidFd handle = PidFd.open(Long.parseLong(args[0]))) {
                say(() -> handle.send(15));
                say(() -> handle.duplicate(0));
            }
        }

        private static void say(Runnable call) {
            try {
                call.run();
                System.out.println("allowed");
            } catch (Denied denied) {
                System.out.println(denied.getMessage());
            }
        }
    }

    private static void assertNotFound(Peer peer, long start, String boot, long namespace) {
        Peer other = new Peer(peer.pid(), start, boot, namespace, peer.uid(), peer.gid());
        assertThatThrownBy(() -> PidFd.open(other))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("that of another process now, or of one that has ended");
    }

    private static Process sleeping() throws Exception {
        return new ProcessBuilder("sleep", "1000").start();
    }

    private static MemorySegment bytes(Arena arena, String text) {
        return arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
    }
}
