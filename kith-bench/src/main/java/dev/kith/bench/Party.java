// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;

/** Who takes part in a comparison. The first of them is what the others are divided by. */
interface Party {
    /** What the report calls it. */
    String name();

    boolean takesPartIn(Cell cell);

    /** Starts two processes that are connected and wait. */
    Pair start(Cell cell) throws IOException, InterruptedException;

    /**
     * Two processes or more, for the cell that they were started for, or one that differs from it
     * in the length of the messages if they can do that. While none of these methods runs they use
     * no CPU.
     */
    interface Pair extends AutoCloseable {
        /** Exchanges messages until nothing gets faster any more. */
        void warmUp(Cell cell, Duration time) throws IOException, InterruptedException;

        Sample sample(Cell cell, Duration time) throws IOException, InterruptedException;

        /** Ends both and removes what they made. */
        @Override
        void close();
    }
}
