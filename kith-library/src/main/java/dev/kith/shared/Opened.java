// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Broken;
import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import dev.kith.memory.Unnamed;
import java.util.Optional;

/**
 * A region that was just opened, for the object that is made of it.
 *
 * @param unnamed what it is passed on by if it has no name
 */
record Opened(Kind<?> kind, Region region, Optional<Unnamed> unnamed) {
    /** Where the object's own part begins. */
    long own() {
        return Kind.own(shape(), kind.entries());
    }

    Shape shape() {
        return region.header().shape();
    }

    /**
     * Refuses what is of another layout; the header itself was checked.
     *
     * @throws Broken if the sizes are not those
     */
    void check(long ownBytes, long capacity, int longest) {
        check(Kind.SLOTS, ownBytes, capacity, longest);
    }

    /** The same of an object with another number of slots. */
    void check(int slots, long ownBytes, long capacity, int longest) {
        Shape found = shape();
        Shape expected =
                Kind.shape(
                        kind.region(),
                        slots,
                        kind.entries(),
                        ownBytes,
                        capacity,
                        longest,
                        found.flags());
        if (!found.equals(expected)) {
            throw new Broken(
                    region
                            + " is no "
                            + kind.region()
                            + " of this layout: found "
                            + found
                            + ", expected "
                            + expected
                            + "; if nobody needs it, remove it");
        }
    }
}
