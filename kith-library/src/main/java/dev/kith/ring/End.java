// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.memory.Presence;

/**
 * How one end of a ring is used by one thread at a time, and closed by any: who closes it waits
 * until the call is over that is under way, because what is read and written in it is the next
 * one's as soon as the end is given back. Who closes it in the middle of a call of its own, in a
 * handler, gives it back when he comes out of that.
 */
final class End {
    private final RingMemory memory;
    private final Waiting waiting;
    private final Runnable detach;
    private final Presence presence;

    /** Whether it was closed by the thread that is inside; of that thread alone. */
    private boolean late;

    /**
     * An end that is attached.
     *
     * @param detach gives it back; run once, when nobody uses it any more
     */
    End(RingMemory memory, Presence presence, Waiting waiting, Runnable detach) {
        this.memory = memory;
        this.presence = presence;
        this.waiting = waiting;
        this.detach = detach;
    }

    /** After a call in which the user's code has run, which may have closed the end. */
    void left() {
        if (late) {
            late = false;
            detach();
        }
    }

    void close() {
        if (waiting.close()) {
            presence.close();
            if (presence.isMine()) {
                late = true;
            } else {
                detach();
            }
        }
    }

    private void detach() {
        try {
            detach.run();
        } catch (InternalError fault) {
            memory.faults.apply("close", fault); // throws what is no cut
        }
    }
}
