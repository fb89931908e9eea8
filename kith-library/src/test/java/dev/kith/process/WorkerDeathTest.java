// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Children and parents that die: nobody waits for ever, nobody is left behind. */
@Timeout(60)
class WorkerDeathTest {
    private static final WorkerOptions HASTY =
            WorkerOptions.defaults().withStopGrace(Duration.ofMillis(400));

    @Test
    void shouldFailTheTaskOfAChildThatIsKilled() throws Exception {
        try (Worker worker = Worker.start()) {
            Peer peer = worker.run(() -> Peer.current());
            CompletableFuture<Void> running = worker.async(() -> Thread.sleep(60_000));
            CompletableFuture<Integer> waiting = worker.async(() -> 1);
            worker.async(() -> {}).cancel(true);
            new ProcessBuilder("kill", "-9", Long.toString(worker.pid())).start().waitFor();
            assertThatThrownBy(running::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(WorkerDied.class)
                    .isInstanceOf(PeerDied.class)
                    .hasMessageContaining("worker " + worker.pid())
                    .hasMessageContaining("task in WorkerDeathTest.shouldFail")
                    .hasMessageContaining("signal 9 (killed by SIGKILL")
                    .satisfies(died -> assertThat(((PeerDied) died).peer()).contains(peer));
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(WorkerDied.class);
            assertThatThrownBy(() -> worker.run(() -> 2)).isInstanceOf(WorkerDied.class);
            assertThat(worker.exitStatus()).contains(new ExitStatus(-9));
            assertThat(worker.exitStatus().get().signal()).hasValue(9);
        }
    }

    @Test
    void shouldSayHowATaskEndedTheChild() throws Exception {
        Job<Void> job = Worker.start(() -> System.exit(7));
        assertThatThrownBy(job::result)
                .isInstanceOfSatisfying(
                        WorkerDied.class,
                        died -> assertThat(died.exitStatus()).isEqualTo(new ExitStatus(7)))
                .hasMessageEndingWith("exit 7 (System.exit(7), or halt)");
        assertThatThrownBy(job::join).isInstanceOf(WorkerDied.class);
    }

    @Test
    void shouldEndTheChildThatIsOutOfMemory() {
        Job<Integer> job =
                Worker.start(
                        () -> {
                            List<long[]> hoard = new ArrayList<>();
                            for (; ; ) {
                                hoard.add(new long[1 << 16]);
                            }
                        },
                        WorkerOptions.defaults().withHeapLimit(16 << 20));
        assertThatThrownBy(job::result)
                .isInstanceOf(WorkerDied.class)
                .hasMessageEndingWith("exit 3 (out of memory, or System.exit(3))");
    }

    @Test
    void shouldFailTheTaskOfAChildThatCannotStart() {
        WorkerOptions wrong = WorkerOptions.defaults().withJvmFlags("-Xms1g", "-Xmx1m");
        Job<Integer> job = Worker.start(() -> 1, wrong);
        assertThatThrownBy(job::result)
                .isInstanceOf(WorkerDied.class)
                .hasMessageContaining("exit 1 (the JVM could not start");
    }

    @Test
    void shouldFailTheTaskOfAChildThatIsKilledBeforeItIsUp() {
        Job<Integer> job = Worker.start(() -> 1);
        job.kill();
        assertThatThrownBy(job::result)
                .isInstanceOf(WorkerDied.class)
                .hasMessageContaining("signal 9");
    }

    @Test
    void shouldFailTheTaskOfAChildThatWritesWhereItShouldNot() {
        Job<Integer> job =
                Worker.start(() -> {
                    Files.writeString(Path.of("/proc/self/fd/4"), "garbage in between");
                    return 1;
                });
        assertThatThrownBy(job::result)
                .isInstanceOf(WorkerDied.class)
                .hasMessageContaining("signal 9")
                .hasMessageContaining("no control frame");
    }

    @Test
    void shouldStopAChildWhoseTaskIgnoresInterrupts() throws Exception {
        Worker worker = Worker.start(HASTY);
        worker.run(() -> hook());
        CompletableFuture<Void> stubborn = worker.async(() -> sleepWhatever());
        assertThat(worker.stop()).isEqualTo(new ExitStatus(-9));
        assertThatThrownBy(stubborn::get).hasCauseInstanceOf(WorkerDied.class);
    }

    @Test
    void shouldStopAChildByItsLeastMeans() throws Exception {
        WorkerOptions patient = WorkerOptions.defaults().withStopGrace(Duration.ofSeconds(2));
        Worker idle = Worker.start(patient);
        idle.run(() -> 1);
        assertThat(idle.stop()).isEqualTo(new ExitStatus(0));
        Worker interrupted = Worker.start(patient);
        interrupted.run(() -> 1);
        CompletableFuture<Void> sleeping = interrupted.async(() -> Thread.sleep(60_000));
        assertThat(interrupted.stop()).isEqualTo(new ExitStatus(0));
        assertThatThrownBy(sleeping::get)
                .cause()
                .isInstanceOf(TaskFailed.class)
                .hasCauseInstanceOf(InterruptedException.class);
        Worker terminated = Worker.start(patient);
        terminated.run(() -> 1);
        terminated.async(() -> sleepWhatever());
        assertThat(terminated.stop()).isEqualTo(new ExitStatus(143));
    }

    @Test
    void shouldEndWhatTheTaskHasStartedWhenKilled() throws Exception {
        Worker worker = Worker.start();
        long grandchild = worker.run(() -> new ProcessBuilder("sleep", "100").start().pid());
        assertThat(ProcessHandle.of(grandchild)).isPresent();
        worker.kill();
        worker.join();
        awaitEnd(List.of(grandchild));
    }

    @Test
    void shouldNotWaitForAStrangerWhoHoldsThePipeOfADeadChild() throws Exception {
        Worker worker = Worker.start();
        worker.run(() -> 1);
        CompletableFuture<Void> sleeping = worker.async(() -> Thread.sleep(60_000));
        Process stranger =
                Python.start(
                        "import os, sys, time\n"
                                + "fd = os.open('/proc/' + sys.argv[1] + '/fd/4', os.O_WRONLY)\n"
                                + "print('open', flush=True)\n"
                                + "time.sleep(60)\n",
                        Long.toString(worker.pid()));
        try {
            assertThat(stranger.inputReader().readLine()).isEqualTo("open");
            worker.kill();
            worker.join();
            assertThatThrownBy(sleeping::get).hasCauseInstanceOf(WorkerDied.class);
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void shouldLeaveNoZombieAndNoDescriptor() throws Exception {
        Worker.start(() -> {}).join();
        System.gc();
        long before = descriptors();
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Worker worker = Worker.start(HASTY);
            pids.add(worker.pid());
            if (i % 3 == 0) {
                worker.kill();
            } else if (i % 3 == 1) {
                worker.async(() -> Runtime.getRuntime().halt(1));
                Thread.sleep(i);
                worker.kill();
            } else {
                worker.close();
            }
            worker.join();
        }
        assertThat(pids).noneMatch(pid -> Files.exists(Path.of("/proc/" + pid)));
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }

    @Test
    void shouldEndTheChildrenOfAParentThatIsKilled() throws Exception {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            List<Long> children = children(parent);
            parent.kill();
            awaitEnd(children);
        }
    }

    @Test
    void shouldEndAChildThatCannotRunWhenItsParentIsKilled() throws Exception {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            List<Long> children = children(parent);
            // The kernel's watch is set some time after the start.
            Thread.sleep(5000);
            new ProcessBuilder("kill", "-STOP", children.get(0).toString()).start().waitFor();
            parent.kill();
            awaitEnd(children);
        }
    }

    @Test
    void shouldEndTheChildrenOfAParentThatExits() throws Exception {
        try (ChildJvm parent = ChildJvm.start(Parent.class, "exit")) {
            List<Long> children = children(parent);
            assertThat(parent.waitFor()).isEqualTo(5);
            awaitEnd(children);
        }
    }

    @Test
    void shouldEndTheChildrenOfAParentThatCtrlCEnds() throws Exception {
        try (ChildJvm parent = ChildJvm.start(Parent.class)) {
            List<Long> children = children(parent);
            new ProcessBuilder("kill", "-INT", Long.toString(parent.pid())).start().waitFor();
            assertThat(parent.waitFor()).isEqualTo(130);
            awaitEnd(children);
        }
    }

    /**
     * Starts an idle child, a sleeping one, one that starts another, and one that is not up yet.
     */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            Worker idle = Worker.start();
            idle.run(() -> 1);
            Worker sleeping = Worker.start();
            sleeping.async(() -> sleepWhatever());
            Worker middle = Worker.start();
            long grandchild = middle.run(() -> Worker.start(() -> sleepWhatever()).pid());
            Worker young = Worker.start();
            System.out.println(
                    idle.pid()
                            + " "
                            + sleeping.pid()
                            + " "
                            + middle.pid()
                            + " "
                            + grandchild
                            + " "
                            + young.pid());
            if (arguments.length > 0) {
                System.exit(5);
            }
            Thread.sleep(60_000);
        }
    }

    private static List<Long> children(ChildJvm parent) throws IOException {
        List<Long> pids = Stream.of(parent.line().split(" ")).map(Long::valueOf).toList();
        assertThat(pids).hasSize(5);
        return pids;
    }

    private static void awaitEnd(List<Long> pids) throws InterruptedException {
        for (long pid : pids) {
            while (Peer.of(pid).isPresent()) {
                Thread.sleep(10);
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }

    private static void hook() {
        Runtime.getRuntime().addShutdownHook(new Thread(WorkerDeathTest::sleepWhatever));
    }

    private static void sleepWhatever() {
        for (; ; ) {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException ignored) {
                // That is what this is for.
            }
        }
    }
}
