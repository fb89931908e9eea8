// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Python;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Semaphores between this JVM, other JVMs, C and Python. */
@Timeout(60)
class SemaphoreProcessTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** wait NAME, post NAME, or postat SHM OFFSET. */
    private static final String C_PEER =
            """
            #include <fcntl.h>
            #include <semaphore.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/mman.h>
            int main(int n, char **args) {
                sem_t *s;
                if (!strcmp(args[1], "postat")) {
                    int fd = shm_open(args[2], O_RDWR, 0);
                    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                    s = (sem_t *) (memory + atol(args[3]));
                } else {
                    s = sem_open(args[2], 0);
                    if (s == SEM_FAILED) { perror("sem_open"); return 1; }
                }
                return strcmp(args[1], "wait") ? sem_post(s) : sem_wait(s);
            }
            """;

    private static final String PYTHON_PEER =
            """
            import ctypes, sys
            libc = ctypes.CDLL(None)
            libc.sem_open.restype = ctypes.c_void_p
            s = ctypes.c_void_p(libc.sem_open(sys.argv[2].encode(), 0))
            assert s.value
            assert (libc.sem_wait(s) if sys.argv[1] == 'wait' else libc.sem_post(s)) == 0
            """;

    private final Semaphore semaphore = Semaphore.create(0);

    @AfterEach
    void remove() {
        semaphore.unlink();
        semaphore.close();
    }

    @Test
    void shouldBeThatOfC(@TempDir Path directory) throws Exception {
        CProgram c = CProgram.compile(directory, C_PEER);
        c.run("post", semaphore.name());
        assertThat(semaphore.tryAcquire()).isTrue();
        Process waiting = c.start("wait", semaphore.name());
        Thread.sleep(100);
        semaphore.release();
        assertThat(waiting.waitFor()).isZero();
        BlockedCall<Boolean> here = BlockedCall.start(() -> semaphore.tryAcquire(LONG));
        c.run("post", semaphore.name());
        assertThat(here.value()).isTrue();
        try (SharedMemory memory = SharedMemory.create(4096);
                Semaphore inside = Semaphore.init(memory.segment().asSlice(64), 0)) {
            BlockedCall<Boolean> inMemory = BlockedCall.start(() -> inside.tryAcquire(LONG));
            c.run("postat", memory.name(), 64);
            memory.unlink();
            assertThat(inMemory.value()).isTrue();
        }
    }

    @Test
    void shouldBeThatOfPython() throws Exception {
        Python.run(PYTHON_PEER, "post", semaphore.name());
        assertThat(semaphore.tryAcquire()).isTrue();
        semaphore.release();
        Python.run(PYTHON_PEER, "wait", semaphore.name());
        assertThat(semaphore.value()).isZero();
    }

    @Test
    void shouldNotGiveBackWhatAKilledProcessHadAcquired() throws Exception {
        semaphore.release();
        try (ChildJvm child = ChildJvm.start(Peer.class, "hold", semaphore.name())) {
            assertThat(child.line()).isEqualTo("acquired");
            child.kill();
        }
        assertThat(semaphore.value()).isZero();
        assertThat(semaphore.tryAcquire(Duration.ofMillis(50))).isFalse();
    }

    @Test
    void shouldKeepAPermitThatAKilledWaiterDidNotTake() throws Exception {
        try (ChildJvm child = ChildJvm.start(Peer.class, "hold", semaphore.name())) {
            while (semaphore.waiters() == 0) {
                Thread.sleep(5);
            }
            child.kill();
        }
        semaphore.release();
        assertThat(semaphore.tryAcquire(LONG)).isTrue();
    }

    @Test
    void shouldGuardASumOfSeveralProcesses() throws Exception {
        semaphore.release();
        try (SharedMemory memory = SharedMemory.create(8)) {
            List<ChildJvm> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(
                        ChildJvm.start(Peer.class, "add", semaphore.name(), memory.name(), "2000"));
            }
            for (ChildJvm child : children) {
                assertThat(child.waitFor()).isZero();
            }
            memory.unlink();
            assertThat(memory.segment().get(JAVA_LONG, 0)).isEqualTo(6000);
        }
    }

    /** The other JVM. */
    static final class Peer {
        private Peer() {}

        public static void main(String[] args) throws Exception {
            try (Semaphore semaphore = Semaphore.open(args[1])) {
                if (args[0].equals("hold")) {
                    semaphore.acquire();
                    System.out.println("acquired");
                    Thread.sleep(60_000);
                }
                try (SharedMemory memory = SharedMemory.open(args[2])) {
                    for (int i = 0; i < Integer.parseInt(args[3]); i++) {
                        semaphore.acquire();
                        long sum = memory.segment().get(JAVA_LONG, 0);
                        if (i % 100 == 0) {
                            // Long enough for another one to come between, were it not guarded.
                            Thread.sleep(1);
                        }
                        memory.segment().set(JAVA_LONG, 0, sum + 1);
                        semaphore.release();
                    }
                }
            }
        }
    }
}
