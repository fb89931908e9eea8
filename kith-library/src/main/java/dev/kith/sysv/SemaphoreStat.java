// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.SysSem.SEMID_DS_CTIME;
import static dev.kith.kernel.SysSem.SEMID_DS_NSEMS;
import static dev.kith.kernel.SysSem.SEMID_DS_OTIME;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/**
 * What the kernel says of a set of semaphores: {@code struct semid_ds}. Times are in whole seconds.
 *
 * @param permissions who may do what
 * @param size how many semaphores the set has
 * @param lastOperation when a value was last changed by an operation; empty if never: the set was
 *     made but perhaps not yet initialised
 * @param changed when the set was made, its owner or mode changed, or values were set
 * @see <a href="https://man7.org/linux/man-pages/man2/semctl.2.html">semctl(2)</a>
 */
public record SemaphoreStat(
        Permissions permissions, int size, Optional<Instant> lastOperation, Instant changed) {

    static SemaphoreStat read(MemorySegment ds) {
        return new SemaphoreStat(
                Permissions.read(ds),
                (int) ds.get(JAVA_LONG, SEMID_DS_NSEMS),
                Times.of(ds.get(JAVA_LONG, SEMID_DS_OTIME)),
                Instant.ofEpochSecond(ds.get(JAVA_LONG, SEMID_DS_CTIME)));
    }
}
