// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Handover;
import dev.kith.ring.Ring;
import java.io.NotSerializableException;
import java.io.Serializable;

/**
 * An end of a pair of rings on its way to another process.
 *
 * @param in what it receives from
 * @param out what it sends on
 * @param close closes this process's end when the other has it; null there
 */
record RingEnds(Ring in, Ring out, Runnable close) implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() throws NotSerializableException {
        Handover.current("an end of a pair of rings").whenDelivered(close);
        return new Travelling(in, out);
    }

    /** What is written of it. */
    private record Travelling(Ring in, Ring out) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return new RingEnds(in, out, null);
        }
    }
}
