// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import java.util.List;

/** One mechanism at work. */
interface Exchange extends AutoCloseable {
    /**
     * What the child of that number does: it sums up its share, delivers the sum, and returns when
     * it computed.
     *
     * <p>The tasks capture numbers and texts where they can: these travel without Java
     * serialisation, which costs a new child more than the rest of its work.
     */
    Task<long[]> task(int child, Series.Share share);

    /**
     * Adds up what the children deliver.
     *
     * @param allDelivered waits until every child has done its part, for mechanisms in which there
     *     is nothing to receive before
     */
    double total(Wait allDelivered) throws Exception;

    /** How many bytes the children delivered. */
    long bytes();

    /** What was made, as {@code kith ls} would name it: none of it may be left behind. */
    List<String> names();

    /** Lets go and removes everything. */
    @Override
    void close();

    /** Something to wait for. */
    @FunctionalInterface
    interface Wait {
        void await() throws InterruptedException;
    }
}
