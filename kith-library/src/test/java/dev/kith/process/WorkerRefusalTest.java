// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.NotFound;
import java.io.Serializable;
import java.nio.file.Path;
import java.text.ChoiceFormat;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What does not travel to or from a worker, and what is said of it. */
@Timeout(60)
class WorkerRefusalTest {
    private static Worker worker;

    private final Thread owner = new Thread();
    private final int number = 3;

    @BeforeAll
    static void startWorker() {
        worker = Worker.start();
    }

    @AfterAll
    static void closeWorker() {
        worker.close();
    }

    record Job(String name, Thread owner) {}

    @Test
    void shouldNameTheFieldThatBringsThis() {
        assertThatThrownBy(() -> worker.run(() -> number + owner.hashCode()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "task in WorkerRefusalTest.shouldNameTheFieldThatBringsThis"
                            + " \\(WorkerRefusalTest.java:\\d+\\) captures `this` of"
                            + " dev.kith.process.WorkerRefusalTest, which is not Serializable; copy"
                            + " the field to a local variable first: var owner = this.owner");
    }

    @Test
    void shouldSayWhatToDoWithThisWithoutAField() {
        assertThatThrownBy(() -> worker.run(() -> hashCode()))
                .hasMessageEndingWith(
                        "let it call static methods only, or let that class implement"
                                + " Serializable");
    }

    @Test
    void shouldNameTheVariable() {
        Thread thread = new Thread();
        assertThatThrownBy(() -> worker.run(() -> thread.getName()))
                .hasMessageContaining(
                        "captures thread (java.lang.Thread), which cannot travel: thread:"
                                + " java.lang.Thread is not Serializable");
        assertThatThrownBy(() -> worker.run(thread::getName))
                .hasMessageStartingWith("task Thread::getName captures value 1 of 1 (java.lang");
    }

    @Test
    void shouldNameTheWayToWhatCannotTravel() {
        List<Object> jobs = new ArrayList<>(List.of("a", new Job("b", owner)));
        Job job = new Job("c", owner);
        assertThatThrownBy(() -> worker.run(() -> jobs.size()))
                .hasMessageContaining(
                        "captures jobs (java.util.ArrayList), which cannot travel: jobs[1].owner:"
                                + " java.lang.Thread is not Serializable");
        assertThatThrownBy(() -> worker.run(() -> job.name()))
                .hasMessageContaining(
                        "captures job (dev.kith.process.WorkerRefusalTest$Job), which cannot"
                                + " travel: job.owner: java.lang.Thread is not Serializable");
    }

    @Test
    void shouldSayHowToDeclareALambda() {
        Callable<Integer> inner = () -> 1;
        assertThatThrownBy(() -> worker.run(() -> inner.call()))
                .hasMessageContaining(
                        "captures inner (a lambda in dev.kith.process.WorkerRefusalTest), which is"
                                + " not Serializable; declare it as a Task or an Action");
    }

    @Test
    void shouldGoOnAfterARefusal() throws Exception {
        assertThatThrownBy(() -> worker.run(() -> owner.getName()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(worker.run(() -> 1)).isEqualTo(1);
    }

    /** A class that is not a record, but stands beside the task. */
    static final class Beside implements Serializable {
        private static final long serialVersionUID = 1L;

        final int value;

        Beside(int value) {
            this.value = value;
        }
    }

    @Test
    void shouldTakeResultsOfTheTasksPackageOnly() throws Exception {
        assertThat(worker.run(() -> new Beside(5)).value).isEqualTo(5);
        assertThatThrownBy(() -> worker.run(() -> List.of(new ChoiceFormat("0#none"))))
                .isInstanceOf(TaskFailed.class)
                .hasMessageContaining("the value of task in WorkerRefusalTest.shouldTake")
                .hasMessageEndingWith(
                        "cannot be taken: java.text.ChoiceFormat is not allowed to come from a"
                            + " worker; WorkerOptions.withAllowed(ChoiceFormat.class) allows it");
        try (Worker lenient =
                Worker.start(WorkerOptions.defaults().withAllowed(ChoiceFormat.class))) {
            assertThat(lenient.run(() -> new ChoiceFormat("0#none")).format(0)).isEqualTo("none");
        }
    }

    @Test
    void shouldTakeEveryExceptionButNotWhatIsInIt() {
        assertThatThrownBy(() ->
                        worker.run(() -> {
                            throw new ParseException("no", 3);
                        }))
                .hasCauseInstanceOf(ParseException.class);
        assertThatThrownBy(() ->
                        worker.run(() -> {
                            throw new Loaded(new ChoiceFormat("0#none"));
                        }))
                .hasCauseInstanceOf(RemoteThrowable.class)
                .satisfies(failed ->
                        assertThat(failed.getSuppressed()[0])
                                .hasMessageContaining(
                                        "WorkerOptions.withAllowed(ChoiceFormat.class)"));
    }

    /** An exception that brings an object along. */
    static final class Loaded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final Serializable load;

        Loaded(Serializable load) {
            this.load = load;
        }
    }

    @Test
    void shouldRefuseOptionsThatMakeNoSense() {
        WorkerOptions options = WorkerOptions.defaults();
        assertThatThrownBy(() -> options.withName(" "))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withHeapLimit(1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("heapLimitBytes=1000, least=2097152");
        assertThatThrownBy(() -> options.withJvmFlags("Main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"Main\"");
        assertThatThrownBy(() -> options.withJvmFlags("-jar"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withEnvironment("A=B", "c"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withStopGrace(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhyNoProcessStarts() {
        WorkerOptions nowhere = WorkerOptions.defaults().withDirectory(Path.of("/does/not/exist"));
        assertThatThrownBy(() -> Worker.start(nowhere))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("posix_spawn(")
                .hasMessageContaining("directory /does/not/exist): ENOENT")
                .hasMessageEndingWith("the directory must exist");
    }
}
