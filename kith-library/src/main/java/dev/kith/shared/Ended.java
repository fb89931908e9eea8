// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;

/**
 * What was taken from a {@link SharedQueue} is no item but the mark that {@link SharedQueue#end()}
 * has put: who put says that he puts no more. The next take waits for the next item.
 */
public final class Ended extends Closed {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the whole sentence
     */
    public Ended(String message) {
        super(message);
    }
}
