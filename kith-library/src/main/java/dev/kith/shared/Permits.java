// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.List;

/** The permits of a semaphore; nothing here waits for them. */
interface Permits {
    /** Takes some if there are as many; for a thread that may wait for a moment. */
    boolean take(int count);

    /** Whether {@link #take} is worth a try; in any thread, and waits for nothing. */
    boolean mayTake(int count);

    /**
     * Gives some back.
     *
     * @throws IllegalStateException if there would be more than there may be
     */
    void give(int count);

    /** How many there are. */
    int available();

    /** Who has some, as far as it is known. */
    List<PermitHolder> holders();

    /** Waits until threads of this process that take or give some are done; see SharedObject. */
    void settle();

    static IllegalStateException tooMany(Object semaphore, int count, long available, int most) {
        return new IllegalStateException(
                "release("
                        + count
                        + ") of "
                        + semaphore
                        + ": more permits than there may be: available="
                        + available
                        + ", released="
                        + count
                        + ", maximum="
                        + most);
    }
}
