// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;

/**
 * A {@link SharedQueue} was shut down, by whichever process: nothing can be put any more, and what
 * is taken runs out. Python's {@code queue.ShutDown}.
 */
public final class ShutDown extends Closed {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the whole sentence
     */
    public ShutDown(String message) {
        super(message);
    }
}
