// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.kernel.Fcntl;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What can never be done any more to a {@link MemFd}, by nobody who has it: F_ADD_SEALS of
 * fcntl(2).
 */
public enum Seal {
    /** No seal can be added. */
    SEAL(Fcntl.F_SEAL_SEAL),
    /** It cannot become smaller: whoever has it mapped is safe from faults. */
    SHRINK(Fcntl.F_SEAL_SHRINK),
    /** It cannot become larger. */
    GROW(Fcntl.F_SEAL_GROW),
    /** It cannot be changed; to set it, nobody may have it mapped to write. */
    WRITE(Fcntl.F_SEAL_WRITE),
    /** Who has it mapped to write by now may write on; nobody else can. Linux 5.1 */
    FUTURE_WRITE(Fcntl.F_SEAL_FUTURE_WRITE),
    /** Its permission to be executed cannot be changed. Linux 6.3 */
    EXEC(Fcntl.F_SEAL_EXEC);

    private final int bit;

    Seal(int bit) {
        this.bit = bit;
    }

    static int bits(Set<Seal> seals) {
        return seals.stream().mapToInt(seal -> seal.bit).reduce(0, (a, b) -> a | b);
    }

    static Set<Seal> of(int bits) {
        Set<Seal> seals = EnumSet.noneOf(Seal.class);
        for (Seal seal : values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return Collections.unmodifiableSet(seals);
    }
}
