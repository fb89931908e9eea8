// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.NotFound;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The other side is C, Python or another JVM, and is killed, too. */
@Timeout(60)
class SemaphoreSetProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Makes a set and prints its key; then waits a while, or not, and adds 1, or not. */
    private static final String CREATOR =
            """
            #include <stdio.h>
            #include <stdlib.h>
            #include <unistd.h>
            #include <sys/sem.h>
            int main(int n, char **argument) {
                int id = semget(strtoul(argument[1], NULL, 0), 2, IPC_CREAT | IPC_EXCL | 0600);
                if (id < 0) return 1;
                printf("made\\n");
                fflush(stdout);
                if (atoi(argument[2]) == 0) return 0;
                usleep(1000 * atoi(argument[2]));
                struct sembuf add = {0, 1, 0};
                return semop(id, &add, 1) < 0 ? 2 : 0;
            }
            """;

    @TempDir Path directory;
    private final SemaphoreSet set = SemaphoreSet.create(1, 0);

    @AfterEach
    void remove() {
        try {
            set.unlink();
        } catch (NotFound already) {
            // by the test
        }
        set.close();
    }

    @Test
    void shouldTakeTurnsWithC() throws Exception {
        CProgram program =
                CProgram.compile(
                        directory,
                        """
                        #include <stdlib.h>
                        #include <sys/sem.h>
                        int main(int n, char **argument) {
                            int id = semget(strtoul(argument[1], NULL, 0), 0, 0);
                            for (int i = 0; i < 100; i++) {
                                struct sembuf take = {0, -1, 0}, give = {1, 1, 0};
                                if (semop(id, &take, 1) < 0 || semop(id, &give, 1) < 0) return 1;
                            }
                            return 0;
                        }
                        """);
        Process c = program.start(set.name());
        for (int i = 0; i < 100; i++) {
            assertThat(set.tryAcquire(1, LONG)).isTrue();
            set.release(0);
        }
        assertThat(c.waitFor()).isZero();
        assertThat(set.values()).containsExactly(1, 0);
    }

    @Test
    void shouldTakeTurnsWithPython() throws Exception {
        SysvPython.run(
                """
                import sys, sysv_ipc
                semaphore = sysv_ipc.Semaphore(int(sys.argv[1], 0))
                semaphore.acquire()
                assert semaphore.value == 0
                """,
                set.name());
        Call<Boolean> acquire = Call.start(false, () -> set.tryAcquire(0, LONG));
        assertThat(acquire.isWaiting()).isTrue();
        SysvPython.run(
                "import sys, sysv_ipc; sysv_ipc.Semaphore(int(sys.argv[1], 0)).release()",
                set.name());
        assertThat(acquire.value()).isTrue();
    }

    @Test
    void shouldOpenASemaphoreThatPythonMade() throws Exception {
        String key =
                SysvPython.run(
                        """
                        import sysv_ipc
                        print(sysv_ipc.Semaphore(None, sysv_ipc.IPC_CREX, initial_value=3).key)
                        """);
        // Python sets the value by semctl alone, so sem_otime stays 0.
        try (SemaphoreSet made = SemaphoreSet.open(Key.parse(key))) {
            assertThat(made.values()).containsExactly(3);
            assertThat(made.stat().lastOperation()).isEmpty();
            try (SemaphoreSet same = SemaphoreSet.openOrCreate(made.key(), 9)) {
                assertThat(same.values()).containsExactly(3);
            }
            made.unlink();
        }
    }

    @Test
    void shouldWaitForTheFirstValuesOfASetThatIsBeingMade() throws Exception {
        CProgram creator = CProgram.compile(directory, CREATOR);
        Key key = Key.random();
        Process c = creator.start(key, 400);
        try (BufferedReader says = c.inputReader()) {
            assertThat(says.readLine()).isEqualTo("made");
        }
        try (SemaphoreSet opened = SemaphoreSet.open(key)) {
            assertThat(opened.value(0)).isEqualTo(1);
            opened.unlink();
        }
        assertThat(c.waitFor()).isZero();
    }

    @Test
    void shouldSetTheFirstValuesIfTheCreatorDiedBeforeItDid() throws Exception {
        CProgram creator = CProgram.compile(directory, CREATOR);
        Key key = Key.random();
        assertThat(creator.run(key, 0)).isEqualTo("made");
        try (SemaphoreSet adopted = SemaphoreSet.openOrCreate(key, 4, 5)) {
            assertThat(adopted.values()).containsExactly(4, 5);
            adopted.unlink();
        }
    }

    @Test
    void shouldInitialiseOnceWhenSeveralProcessesOpenOrCreate() throws Exception {
        Key key = Key.random();
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                children.add(ChildJvm.start(Opener.class, key.toString()));
            }
            for (ChildJvm child : children) {
                assertThat(child.line()).isEqualTo("[7]");
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
            SemaphoreSet.open(key).unlink();
        }
    }

    @Test
    void shouldGiveBackWhatAKilledProcessHadTakenWithUndo() throws Exception {
        try (ChildJvm holder = ChildJvm.start(Holder.class, set.name(), "true")) {
            assertThat(holder.line()).isEqualTo("taken");
            assertThat(set.value(0)).isZero();
            Call<Boolean> waiting = Call.start(false, () -> set.tryAcquire(0, LONG));
            assertThat(waiting.isWaiting()).isTrue();
            holder.kill();
            assertThat(waiting.value()).isTrue();
        }
    }

    @Test
    void shouldNotGiveBackWhatAKilledProcessHadTakenWithoutUndo() throws Exception {
        try (ChildJvm holder = ChildJvm.start(Holder.class, set.name(), "false")) {
            assertThat(holder.line()).isEqualTo("taken");
            holder.kill();
        }
        assertThat(set.tryAcquire(0, Duration.ofMillis(100))).isFalse();
    }

    @Test
    void shouldTravelWithItsUndo() throws Exception {
        set.undo(true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(set);
        try (ChildJvm child =
                ChildJvm.start(Visited.class, HexFormat.of().formatHex(bytes.toByteArray()))) {
            assertThat(child.line()).isEqualTo(set + " 0");
            assertThat(child.waitFor()).isZero();
        }
        assertThat(set.value(0)).isEqualTo(1);
    }

    @Test
    void shouldGuardWhatProcessesShare() throws Exception {
        int rounds = 2000;
        try (SharedMemory memory = SharedMemory.create(8)) {
            MemorySegment counter = memory.attach();
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    children.add(
                            ChildJvm.start(
                                    Adder.class,
                                    set.name(),
                                    memory.name(),
                                    Integer.toString(rounds)));
                }
                for (ChildJvm child : children) {
                    assertThat(child.waitFor()).isZero();
                }
                assertThat(counter.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(3 * rounds);
            } finally {
                for (ChildJvm child : children) {
                    child.close();
                }
                memory.unlink();
            }
        }
    }

    /** Opens or makes a set of one semaphore of value 7. */
    static final class Opener {
        public static void main(String[] arguments) {
            try (SemaphoreSet set = SemaphoreSet.openOrCreate(Key.parse(arguments[0]), 7)) {
                System.out.println(java.util.Arrays.toString(set.values()));
            }
        }
    }

    /** Takes a permit and keeps it until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            SemaphoreSet set = SemaphoreSet.open(Key.parse(arguments[0]));
            set.undo(Boolean.parseBoolean(arguments[1]));
            set.acquire();
            System.out.println("taken");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** Takes a permit with a handle that came as bytes, and ends with it. */
    static final class Visited {
        public static void main(String[] arguments) throws Exception {
            byte[] bytes = HexFormat.of().parseHex(arguments[0]);
            SemaphoreSet set =
                    (SemaphoreSet)
                            new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
            set.acquire();
            System.out.println(set + " " + set.value(0));
        }
    }

    /** Adds 1 to a number many times, reading and writing it in two steps. */
    static final class Adder {
        public static void main(String[] arguments) throws Exception {
            try (SemaphoreSet set = SemaphoreSet.open(Key.parse(arguments[0]));
                    SharedMemory memory = SharedMemory.open(Key.parse(arguments[1]))) {
                MemorySegment counter = memory.attach();
                for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                    set.acquire();
                    long before = counter.get(ValueLayout.JAVA_LONG, 0);
                    Thread.onSpinWait();
                    counter.set(ValueLayout.JAVA_LONG, 0, before + 1);
                    set.release();
                }
            }
        }
    }
}
