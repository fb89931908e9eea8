// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs that the C library of this machine fills in, or that we fill in for it. */
class StructsTest {
    @TempDir Path directory;

    @Test
    void shouldReadTheFieldsOfStat() throws Exception {
        String output =
                CProgram.compile(
                                directory,
                                """
                                #include <stdio.h>
                                #include <sys/stat.h>
                                int main(int n, char **args) {
                                    struct stat st;
                                    stat(args[1], &st);
                                    printf("%ld %ld %ld %d %d %d %ld %ld %ld\\n", (long) sizeof st,
                                        (long) st.st_dev, (long) st.st_ino, st.st_mode, st.st_uid, st.st_gid,
                                        (long) st.st_size, (long) st.st_mtim.tv_sec, (long) st.st_mtim.tv_nsec);
                                }
                                """)
                        .run(directory.resolve("program.c"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            assertThat(SysStat.lstat(directory.resolve("program.c").toString(), stat)).isZero();
            String here =
                    "%d %d %d %d %d %d %d %d"
                            .formatted(
                                    Stat.device(stat),
                                    Stat.inode(stat),
                                    Stat.mode(stat),
                                    Stat.uid(stat),
                                    Stat.gid(stat),
                                    Stat.size(stat),
                                    Stat.modifiedSeconds(stat),
                                    Stat.modifiedNanos(stat));
            String[] sizeAndRest = output.split(" ", 2);
            assertThat(Long.parseLong(sizeAndRest[0])).isLessThanOrEqualTo(Stat.BYTES);
            assertThat(here).isEqualTo(sizeAndRest[1]);
        }
    }

    @Test
    void shouldFillInALock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(Flock.BYTES, 8).fill((byte) 7);
            Flock.set(flock, Fcntl.F_WRLCK, 10, 20);
            assertThat(Flock.type(flock)).isEqualTo(Fcntl.F_WRLCK);
            assertThat(flock.get(ValueLayout.JAVA_INT, 24)).isZero();
        }
    }
}
