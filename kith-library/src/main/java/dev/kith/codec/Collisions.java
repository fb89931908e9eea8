// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.util.List;

/**
 * Keys made to have the same hash code: a hash table with n of them works n times n steps. Java's
 * tables order such keys if they are comparable, so only others are looked at, and only where there
 * are many.
 */
final class Collisions {
    /** Up to so many keys are not looked at. */
    static final int FEW = 1024;

    private static final int MOST_ALIKE = 512;
    private static final int SCATTER =
            0x9E3779B9; // 2^32 / golden ratio, as in Knuth's multiplicative hashing

    private Collisions() {}

    /** Refuses keys of which too many fall together. */
    static void check(List<?> keys, Input in) {
        if (keys.size() <= FEW) {
            return;
        }
        int bits = 32 - Integer.numberOfLeadingZeros(keys.size());
        int[] alike = new int[1 << bits];
        for (Object key : keys) {
            if (key == null || key instanceof Comparable<?>) {
                continue;
            }
            if (++alike[key.hashCode() * SCATTER >>> 32 - bits] > MOST_ALIKE) {
                throw in.broken(
                        "more than "
                                + MOST_ALIKE
                                + " keys have the same hash code, as of an attack");
            }
        }
    }
}
