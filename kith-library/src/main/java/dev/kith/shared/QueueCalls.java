// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of a handle that are under way: who closes it waits until they are out, because once
 * its slot is another's, their stores would come from a stranger.
 */
final class QueueCalls {
    private final SharedObject handle;

    /** Apart, because who puts and who takes are different threads. */
    private final AtomicInteger puts = new AtomicInteger();

    private final AtomicInteger takes = new AtomicInteger();
    private volatile boolean closed;

    QueueCalls(SharedObject handle) {
        this.handle = handle;
    }

    AtomicInteger puts() {
        return puts;
    }

    AtomicInteger takes() {
        return takes;
    }

    /** Enters a call; who enters ends it, too. */
    void begin(AtomicInteger calls) {
        calls.getAndIncrement();
        if (closed) {
            calls.getAndDecrement();
            throw closedException();
        }
    }

    void end(AtomicInteger calls) {
        calls.getAndDecrement();
    }

    /** Lets no more in, and those that are inside find out; false if that was done before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    boolean isClosed() {
        return closed;
    }

    boolean areOut() {
        return puts.get() + takes.get() == 0;
    }

    void checkOpen() {
        if (closed) {
            throw closedException();
        }
    }

    private Closed closedException() {
        return new Closed(handle + " is closed");
    }
}
