// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.TimedOut;
import dev.kith.channel.WaitSet;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker does as long as nobody dies; most tests share one child. */
@Timeout(60)
class WorkerTest {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static Worker worker;

    @BeforeAll
    static void startWorker() {
        worker = Worker.start(WorkerOptions.defaults().withName("shared"));
    }

    @AfterAll
    static void closeWorker() {
        worker.close();
        assertThat(worker.exitStatus()).contains(new ExitStatus(0));
    }

    @Test
    void shouldReturnTheValueOfATask() throws Exception {
        Job<Long> job = Worker.start(() -> ProcessHandle.current().pid());
        assertThat(job.result()).isEqualTo(job.pid()).isNotEqualTo(ProcessHandle.current().pid());
        job.join();
        assertThat(job.exitStatus()).contains(new ExitStatus(0));
        assertThat(job.isAlive()).isFalse();
        assertThat(job.onExit()).isCompletedWithValue(new ExitStatus(0));
        assertThat(job.future().get()).isEqualTo(job.pid());
    }

    @Test
    void shouldRunManyTasksInTheSameChild() throws Exception {
        for (int i = 1; i <= 20; i++) {
            assertThat(worker.run(() -> ProcessHandle.current().pid())).isEqualTo(worker.pid());
        }
        assertThat(worker.run(COUNTER::incrementAndGet)).isEqualTo(1);
        assertThat(worker.run(() -> COUNTER.incrementAndGet())).isEqualTo(1);
        assertThat(worker.run(() -> COUNTER.incrementAndGet())).isEqualTo(2);
        assertThat(COUNTER).hasValue(0);
    }

    @Test
    void shouldRunTasksInTheOrderInWhichTheyWereGiven() throws Exception {
        StringBuilder expected = new StringBuilder();
        CompletableFuture<String> last = null;
        for (int i = 0; i < 50; i++) {
            int number = i;
            expected.append(i);
            last = worker.async(() -> Trace.add(number));
        }
        assertThat(last.get()).isEqualTo(expected.toString());
    }

    @Test
    void shouldServeManyThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger right = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            int number = i;
            threads.add(
                    Thread.startVirtualThread(() -> {
                        try {
                            for (int j = 0; j < 20; j++) {
                                int value = j * 100 + number;
                                right.addAndGet(worker.run(() -> value) == value ? 1 : 0);
                            }
                        } catch (InterruptedException nobodyDoes) {
                            Thread.currentThread().interrupt();
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(right).hasValue(160);
    }

    @Test
    void shouldCaptureValuesOfManyKinds() throws Exception {
        boolean truth = true;
        byte small = -3;
        char letter = 'ß';
        short number = 1234;
        int whole = -7;
        long large = 1L << 40;
        float half = 0.5f;
        double third = 1 / 3.0;
        String none = null;
        String text = "h€llo \ud83d\ude00 \ud800";
        byte[] bytes = {1, 2, 3};
        int[] ints = {4, 5};
        long[] longs = {6};
        double[] doubles = {7.5};
        char[] chars = {'a', 'b'};
        String[] strings = {"x", null};
        assertThat(
                        worker.run(() ->
                                truth
                                        + " "
                                        + small
                                        + letter
                                        + number
                                        + whole
                                        + large
                                        + half
                                        + third
                                        + none
                                        + text
                                        + bytes[2]
                                        + ints[1]
                                        + longs[0]
                                        + doubles[0]
                                        + chars[1]
                                        + strings[0]
                                        + strings[1]))
                .isEqualTo(
                        truth
                                + " "
                                + small
                                + letter
                                + number
                                + whole
                                + large
                                + half
                                + third
                                + none
                                + text
                                + bytes[2]
                                + ints[1]
                                + longs[0]
                                + doubles[0]
                                + chars[1]
                                + strings[0]
                                + strings[1]);
    }

    record Point(int x, Optional<Path> path, List<Point> next) {}

    @Test
    void shouldCaptureCollectionsAndRecordsThatAreNotSerializable() throws Exception {
        Point point = new Point(1, Optional.of(Path.of("/a")), List.of());
        Map<String, List<Point>> map = Map.of("k", List.of(point));
        Optional<String> maybe = Optional.of("m");
        Task<Integer> inner = () -> 5;
        Instant now = Instant.now();
        assertThat(
                        worker.run(() ->
                                List.of(
                                        new Point(point.x() + 1, point.path(), List.of(point)),
                                        map,
                                        maybe,
                                        inner.call(),
                                        now,
                                        BigInteger.TWO)))
                .isEqualTo(
                        List.of(
                                new Point(2, point.path(), List.of(point)),
                                map,
                                maybe,
                                5,
                                now,
                                BigInteger.TWO));
    }

    @Test
    void shouldReturnLargeValuesBothWays() throws Exception {
        byte[] megabytes = new byte[3 << 20];
        megabytes[megabytes.length - 1] = 42;
        byte[] back = worker.run(() -> megabytes);
        assertThat(back).isEqualTo(megabytes);
    }

    @Test
    void shouldTakeMethodReferencesOfAllKinds() throws Exception {
        String text = "hello";
        assertThat(worker.run(text::length)).isEqualTo(5);
        assertThat(worker.run(WorkerTest::fortyTwo)).isEqualTo(42);
        Task<StringBuilder> constructor = StringBuilder::new;
        assertThat(worker.run(constructor).toString()).isEmpty();
    }

    private static int fortyTwo() {
        return 42;
    }

    /** A task that is no lambda. */
    record Add(int a, int b) implements Task<Integer> {
        @Override
        public Integer call() {
            return a + b;
        }
    }

    /** An action that is no lambda. */
    static final class AddToCounter implements Action {
        private static final long serialVersionUID = 1L;

        @Override
        public void act() {
            COUNTER.addAndGet(100);
        }
    }

    @Test
    void shouldTakeATaskThatIsAnObject() throws Exception {
        assertThat(worker.run(new Add(1, 2))).isEqualTo(3);
        Action action = new AddToCounter();
        worker.run(action);
        assertThat(worker.run(() -> COUNTER.getAndAdd(-100))).isGreaterThanOrEqualTo(100);
    }

    /** An exception with a constructor that takes something else than a message. */
    static final class NoSuchJob extends Exception {
        private static final long serialVersionUID = 1L;

        final int number;

        NoSuchJob(int number, Throwable cause) {
            super("no such job: " + number, cause);
            this.number = number;
        }
    }

    @Test
    void shouldThrowTheTasksExceptionWithItsStackTrace() {
        int number = 7;
        assertThatThrownBy(() ->
                        worker.run(() -> {
                            throw new NoSuchJob(number, new IllegalStateException("why"));
                        }))
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("task in WorkerTest.shouldThrow")
                .hasMessageContaining("shared " + worker.pid())
                .hasMessageContaining("no such job: 7")
                .cause()
                .isInstanceOfSatisfying(
                        NoSuchJob.class, thrown -> assertThat(thrown.number).isEqualTo(7))
                .hasCauseInstanceOf(IllegalStateException.class)
                .satisfies(thrown -> {
                    StackTraceElement[] frames = thrown.getStackTrace();
                    assertThat(frames[0].getFileName()).isEqualTo("WorkerTest.java");
                    assertThat(frames[frames.length - 1].getMethodName()).startsWith("lambda$");
                });
    }

    /** An exception that cannot be serialised. */
    static final class Stubborn extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // that is the point
        final Object holds = new Object();
    }

    @Test
    void shouldThrowAStandInForAnExceptionThatCannotTravel() {
        assertThatThrownBy(() ->
                        worker.run(() -> {
                            throw new IllegalStateException(new Stubborn());
                        }))
                .isInstanceOf(TaskFailed.class)
                .satisfies(failed ->
                        assertThat(failed.getSuppressed()[0])
                                .hasMessageContaining("java.lang.Object"))
                .cause()
                .isInstanceOfSatisfying(
                        RemoteThrowable.class,
                        standIn ->
                                assertThat(standIn.className())
                                        .isEqualTo("java.lang.IllegalStateException"))
                .satisfies(standIn ->
                        assertThat(standIn.getStackTrace()[0].getFileName())
                                .isEqualTo("WorkerTest.java"))
                .cause()
                .isInstanceOf(RemoteThrowable.class)
                .hasToString(Stubborn.class.getName());
    }

    @Test
    void shouldThrowErrorsToo() throws Exception {
        assertThatThrownBy(() -> worker.run(() -> recurse(1)))
                .isInstanceOf(TaskFailed.class)
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(worker.run(() -> 1)).isEqualTo(1);
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void shouldCompleteTheFutureWithTheException() {
        CompletableFuture<Integer> future = worker.async(() -> Integer.parseInt("x"));
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(TaskFailed.class)
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void shouldPassAnInterruptOnToTheTask() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread thread =
                Thread.startVirtualThread(() -> {
                    try {
                        worker.run(() -> Trace.sleep());
                    } catch (InterruptedException expected) {
                        interrupted.countDown();
                    }
                });
        Thread.sleep(200);
        thread.interrupt();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.run(() -> Trace.interrupts)).isEqualTo(1);
        assertThat(worker.run(() -> Thread.interrupted())).isFalse();
    }

    @Test
    void shouldInterruptATaskThatIsNotDoneInTime() throws Exception {
        long start = System.nanoTime();
        assertThatThrownBy(() -> worker.run(() -> Thread.sleep(60_000), Duration.ofMillis(300)))
                .isInstanceOf(TimedOut.class)
                .hasMessageContaining("PT0.3S");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000);
        assertThat(worker.run(() -> 1, Duration.ofSeconds(20))).isEqualTo(1);
    }

    @Test
    void shouldNotBeginATaskThatWasCancelledBefore() throws Exception {
        CompletableFuture<Void> first = worker.async(() -> Thread.sleep(300));
        CompletableFuture<String> second = worker.async(() -> System.setProperty("ran", "yes"));
        second.cancel(true);
        first.get();
        assertThat(worker.run(() -> System.getProperty("ran", "no"))).isEqualTo("no");
        assertThatThrownBy(second::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void shouldBeReadyForAWaitSetWhenTheChildHasEnded() throws Exception {
        Job<Void> job = Worker.start(() -> Thread.sleep(200));
        WaitSet set = new WaitSet(worker, job);
        assertThat(set.await(Duration.ofMillis(1))).isEmpty();
        assertThat(set.await()).containsExactly(job);
        assertThat(set.await(Duration.ZERO)).containsExactly(job);
    }

    @Test
    void shouldTakeNoMoreTasksAfterShutdown() throws Exception {
        Worker ending = Worker.start();
        CompletableFuture<Integer> before = ending.async(() -> 1);
        ending.shutdown();
        assertThatThrownBy(() -> ending.run(() -> 2))
                .isInstanceOf(Closed.class)
                .hasMessageContaining("worker " + ending.pid());
        assertThat(before.get()).isEqualTo(1);
        ending.join();
        assertThat(ending.exitStatus()).contains(new ExitStatus(0));
    }

    @Test
    void shouldStartTheChildAsTheOptionsSay() throws Exception {
        WorkerOptions options =
                WorkerOptions.defaults()
                        .withName("small one")
                        .withHeapLimit(48 << 20)
                        .withJvmFlags("-Dgreeting=hello world", "-XX:+UseParallelGC")
                        .withEnvironment("KITH_TEST", "ä b")
                        .withDirectory(Path.of("/"));
        Job<List<Object>> job =
                Worker.start(
                        () ->
                                List.of(
                                        System.getProperty("greeting"),
                                        System.getenv("KITH_TEST"),
                                        System.getenv("PATH"),
                                        Path.of("").toAbsolutePath(),
                                        Runtime.getRuntime().maxMemory() <= 48 << 20),
                        options);
        assertThat(job.result())
                .isEqualTo(
                        List.of("hello world", "ä b", System.getenv("PATH"), Path.of("/"), true));
        assertThat(job.name()).isEqualTo("small one");
    }

    @Test
    void shouldSeeTheModulesThatTheParentSees() throws Exception {
        assertThat(worker.run(() -> modules())).containsAll(modules());
    }

    private static Set<String> modules() {
        return ModuleLayer.boot().modules().stream().map(Module::getName).collect(toSet());
    }

    @Test
    void shouldStartWorkersFromAWorker() throws Exception {
        assertThat(worker.run(() -> Worker.start(() -> 20 + 1).result() * 2)).isEqualTo(42);
    }

    /** State in the child. */
    static final class Trace {
        static int interrupts;
        private static final StringBuilder TEXT = new StringBuilder();

        private Trace() {}

        static String add(int number) {
            return TEXT.append(number).toString();
        }

        static void sleep() {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException told) {
                interrupts++;
            }
        }
    }
}
