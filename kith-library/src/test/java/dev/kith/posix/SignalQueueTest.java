// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.PeerDied;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SignalQueueTest {
    /** Plain sigqueue, 1000 values; between them plain kills. */
    private static final String SENDER =
            """
            #include <signal.h>
            #include <stdlib.h>
            int main(int argc, char **argv) {
                pid_t pid = atoi(argv[1]);
                for (long i = 0; i < 1000; i++) {
                    union sigval value = { .sival_ptr = (void *) (i << 33) };
                    if (sigqueue(pid, SIGRTMIN + 6, value) != 0) return 1;
                    if (i % 10 == 0 && kill(pid, SIGRTMIN + 6) != 0) return 2;
                }
                return 0;
            }
            """;

    /** Prints three values and from whom they are. */
    private static final String RECEIVER =
            """
            #include <signal.h>
            #include <stdio.h>
            int main(void) {
                sigset_t set;
                sigemptyset(&set);
                sigaddset(&set, SIGRTMIN + 6);
                sigprocmask(SIG_BLOCK, &set, 0);
                puts("ready");
                fflush(stdout);
                for (int i = 0; i < 3; i++) {
                    siginfo_t info;
                    sigwaitinfo(&set, &info);
                    printf("%ld %d %d\\n", (long) info.si_value.sival_ptr, info.si_pid, info.si_errno != 0);
                }
                return 0;
            }
            """;

    @TempDir Path directory;

    @Test
    void shouldReceiveInOrderWhileStrayKillsDoNoHarm() throws Exception {
        SignalQueueChecks.receivesInOrderAmongStrays();
    }

    @Test
    void shouldTimeOut() throws Exception {
        SignalQueueChecks.timesOut();
    }

    @Test
    void shouldSeeAtOnceWhatWasSent() throws Exception {
        SignalQueueChecks.seesAtOnceWhatWasSent();
    }

    @Test
    void shouldBeInterrupted() throws Exception {
        SignalQueueChecks.isInterrupted();
    }

    @Test
    void shouldWakeWhoWaitsWhenItIsClosed() throws Exception {
        SignalQueueChecks.isClosedWhileWaiting();
    }

    @Test
    void shouldNotHoldTheCarriersOfVirtualThreads() throws Exception {
        SignalQueueChecks.servesVirtualThreads();
    }

    @Test
    void shouldTellWhenThereIsSomething() throws Exception {
        SignalQueueChecks.tellsWhenReady();
    }

    @Test
    void shouldReceiveTheEndAndRefuseSendingAfterClose() throws Exception {
        SignalQueueChecks.endsAndSenderCloses();
    }

    @Test
    void shouldDoTheSameInAJvmThatBlocksTheSignal() throws Exception {
        try (SignalChild child = SignalChild.blockingJvm("checks")) {
            assertThat(child.rest()).containsExactly("passed");
            assertThat(child.end()).isZero();
        }
    }

    @Test
    void shouldReceiveInOneThreadFromAnotherJvm() throws Exception {
        try (SignalQueue queue = SignalQueue.open();
                SignalChild child = SignalChild.jvm("send", queue.address(), "1000")) {
            assertThat(queue.address()).matches(ProcessHandle.current().pid() + "/[0-9]+");
            for (int i = 0; i < 1000; i++) {
                SignalQueue.Received received = queue.receive();
                assertThat(received.value()).isEqualTo(i);
                assertThat(received.pid()).isEqualTo(child.pid());
            }
            assertThat(queue.receive().end()).isTrue();
            assertThat(child.end()).isZero();
        }
    }

    @Test
    void shouldReceiveFromPlainSigqueueOfCIfTheJvmBlocksTheSignal() throws Exception {
        try (SignalChild java = SignalChild.blockingJvm("receive")) {
            String address = java.line();
            assertThat(address).isEqualTo(Long.toString(java.pid()));
            try (SignalChild c = SignalChild.c(directory, SENDER, address)) {
                for (long i = 0; i < 1000; i++) {
                    assertThat(java.line()).isEqualTo((i << 33) + " from " + c.pid());
                }
                assertThat(c.end()).isZero();
            }
            try (SignalSender sender = SignalSender.to(address)) {
                sender.end();
            }
            assertThat(java.rest()).containsExactly("end");
            assertThat(java.end()).isZero();
        }
    }

    @Test
    void shouldSendToAProgramInC() throws Exception {
        try (SignalChild c = SignalChild.c(directory, RECEIVER)) {
            assertThat(c.line()).isEqualTo("ready");
            long self = ProcessHandle.current().pid();
            try (SignalSender sender = SignalSender.to(Long.toString(c.pid()))) {
                assertThat(sender.receiver()).isEqualTo(Peer.of(c.pid()).orElseThrow());
                sender.send(Long.MIN_VALUE);
                Signals.send(c.pid(), "RTMIN+6", 42);
                sender.end();
            }
            assertThat(c.rest())
                    .containsExactly(
                            Long.MIN_VALUE + " " + self + " 0",
                            "42 " + self + " 0",
                            "0 " + self + " 1");
        }
    }

    @Test
    void shouldKeepWhatAKilledSenderSentAndServeTheNext() throws Exception {
        try (SignalQueue queue = SignalQueue.open()) {
            long next = 0;
            try (SignalChild child = SignalChild.jvm("send", queue.address(), "-1")) {
                for (; next < 100; next++) {
                    assertThat(queue.receive().value()).isEqualTo(next);
                }
                child.kill();
            }
            // What it had sent arrives whole and in order.
            for (var left = queue.tryReceive();
                    left.isPresent();
                    left = queue.tryReceive(Duration.ofMillis(100))) {
                assertThat(left.get().value()).isEqualTo(next++);
            }
            try (SignalSender sender = SignalSender.to(queue.address())) {
                sender.send(-1);
                assertThat(queue.receive().value()).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldSayThatTheReceiverWasKilled() throws Exception {
        for (SignalChild child :
                List.of(SignalChild.jvm("hold"), SignalChild.blockingJvm("hold"))) {
            try (SignalSender sender = SignalSender.to(child.line())) {
                sender.send(1);
                child.kill();
                assertThatThrownBy(() -> sender.send(2))
                        .isInstanceOf(PeerDied.class)
                        .hasMessage(
                                "rt_sigqueueinfo("
                                        + sender.address()
                                        + ", SIGRTMIN+6): ESRCH (No such process); the receiver has"
                                        + " ended; what it had not received is lost");
            }
        }
    }

    @Test
    void shouldSayThatTheReceiverIsAZombie() throws Exception {
        String script =
                """
                import os, signal, sys, time
                pid = os.fork()
                if pid == 0:
                    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN + 6])
                    print(os.getpid())
                    signal.pause()
                sys.stdin.readline()
                os.kill(pid, 9)
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
                print("killed")
                time.sleep(60)
                """;
        try (SignalChild python = SignalChild.python(script)) {
            String address = python.line();
            try (SignalSender sender = SignalSender.to(address)) {
                assertThat(sender.trySend(1)).isTrue();
                python.tell("kill it");
                assertThat(python.line()).isEqualTo("killed");
                assertThatThrownBy(() -> sender.trySend(2)).isInstanceOf(PeerDied.class);
            }
            assertThatThrownBy(() -> SignalSender.to(address))
                    .isInstanceOf(NotFound.class)
                    .hasMessage("signal:" + address + ": there is no process " + address);
        }
    }

    @Test
    void shouldSayThatTheQueueWasClosed() throws Exception {
        SignalQueue queue = SignalQueue.open();
        try (SignalSender sender = SignalSender.to(queue.address())) {
            queue.close();
            assertThatThrownBy(() -> sender.send(1))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageContaining("the receiver has closed its queue");
        }
        assertThatThrownBy(() -> SignalSender.to(queue.address()))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("its queue was closed, or this is not its address");
    }

    @Test
    void shouldNotKillAProcessThatDoesNotReceive() throws Exception {
        try (SignalChild sleep = SignalChild.run("sleep", "60")) {
            assertThatThrownBy(() -> SignalSender.to(Long.toString(sleep.pid())))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("does not receive SIGRTMIN+6 and would be ended by it")
                    .hasMessageContaining("--block-signal=RTMIN+6");
            assertThat(sleep.isAlive()).isTrue();
        }
    }

    @Test
    void shouldNameTheThreadToSendTo() {
        long pid = ProcessHandle.current().pid();
        try (SignalQueue queue = SignalQueue.open()) {
            assertThatThrownBy(() -> SignalSender.to(Long.toString(pid)))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("send to " + queue.address());
        }
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        for (String wrong : List.of("", "0", "-1", "12/", "12/x", "/3", "1/2/3", "99999999999")) {
            assertThatThrownBy(() -> SignalSender.to(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no receiver of signals: \"" + wrong + "\"");
        }
    }

    @Test
    void shouldWaitForRoom() throws Exception {
        for (boolean blocking : new boolean[] {true, false}) {
            List<String> before = limited(20);
            if (blocking) {
                before.addAll(SignalChild.blocking("RTMIN+6"));
            }
            try (SignalChild child = SignalChild.jvm(before, "hold");
                    SignalSender sender = SignalSender.to(child.line())) {
                // All processes of the user are counted together: others may have to finish first.
                assertThat(sender.trySend(0, Duration.ofSeconds(30))).isTrue();
                int sent = 1;
                // An owner thread takes some ahead: full is when nothing moves for a while.
                while (sender.trySend(sent, Duration.ofMillis(200))) {
                    sent++;
                }
                assertThat(sent).isBetween(1, 20 + 256 + 1);
                assertThat(sender.trySend(sent)).isFalse();
                child.tell("take one");
                assertThat(child.line()).isEqualTo("0");
                sender.send(sent);
                child.kill();
                int more = sent;
                assertThatThrownBy(
                                () -> {
                                    for (int i = 0; i < 400; i++) {
                                        sender.send(more);
                                    }
                                })
                        .isInstanceOf(PeerDied.class);
            }
        }
    }

    @Test
    void shouldSayWhyAFullQueueRefusesABareSignal() throws Exception {
        List<String> limited = limited(5);
        limited.addAll(SignalChild.blocking("RTMIN+6"));
        try (SignalChild child = SignalChild.jvm(limited, "hold")) {
            long pid = Long.parseLong(child.line());
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10; i++) {
                                    Signals.send(pid, "RTMIN+6", i);
                                }
                            })
                    .hasMessageStartingWith("sigqueue(" + pid + ", SIGRTMIN+6, ")
                    .hasMessageContaining(
                            "EAGAIN (Resource temporarily unavailable); as many signals")
                    .hasMessageContaining("ulimit -i");
        }
    }

    @Test
    void shouldTravelByItsAddress() throws Exception {
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(sender);
            Object copy =
                    new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                            .readObject();
            try (SignalSender other = (SignalSender) copy) {
                other.send(5);
                assertThat(queue.receive().value()).isEqualTo(5);
            }
            assertThatThrownBy(() -> new ObjectOutputStream(bytes).writeObject(queue))
                    .isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        SignalQueue queue = SignalQueue.open();
        Path thread = Path.of("/proc/self/task", queue.address().replaceFirst(".*/", ""));
        assertThat(thread).exists();
        queue.close();
        assertThat(
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(each -> each.getName().equals("kith-signal")))
                .isEmpty();
    }

    /** What starts a process in which at most so many signals wait. */
    private static List<String> limited(int count) {
        assumeTrue(SignalChild.exitValue("prlimit", "--version") == 0, "prlimit is not installed");
        return new ArrayList<>(List.of("prlimit", "--sigpending=" + count));
    }
}
