// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.NotFound;

/** Removing opens first, and what cannot be opened because it is missing need not be made. */
final class Removal {
    private Removal() {}

    /**
     * Removes something.
     *
     * @param seen what shows those that there are: {@code kith ls --kind sysvmq}
     */
    static void of(Runnable removal, String seen) {
        try {
            removal.run();
        } catch (NotFound none) {
            String found = none.getMessage().replaceFirst("; .*", "");
            throw new NotFound(
                    found + "; there is nothing to remove: " + seen + " shows what there is",
                    none.call(),
                    none.errno());
        }
    }
}
