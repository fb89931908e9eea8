// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** What the threads of a process have taken from a joinable queue and not said to be done. */
final class Unfinished {
    private final Deque<Taken> all = new ArrayDeque<>();

    private record Taken(long thread, int cell) {}

    synchronized void add(int cell) {
        all.add(new Taken(Thread.currentThread().threadId(), cell));
    }

    /** The cell of what this thread took first, or any, if it has nothing; -1 if there is none. */
    synchronized int remove() {
        long me = Thread.currentThread().threadId();
        for (Iterator<Taken> each = all.iterator(); each.hasNext(); ) {
            Taken taken = each.next();
            if (taken.thread == me) {
                each.remove();
                return taken.cell;
            }
        }
        return all.isEmpty() ? -1 : all.remove().cell;
    }
}
