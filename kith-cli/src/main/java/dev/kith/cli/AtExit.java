// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is undone when the process ends, by Ctrl-C too: a name that a listener took, children,
 * objects.
 *
 * <p>The last registered goes first.
 */
final class AtExit {
    private static final Deque<Undo> UNDOS = new ArrayDeque<>();
    private static boolean hooked;
    private static volatile boolean begun;

    private AtExit() {}

    /** What has been registered; closing it does it now, and only once. */
    static final class Undo implements AutoCloseable {
        private final Runnable action;

        private Undo(Runnable action) {
            this.action = action;
        }

        @Override
        public void close() {
            boolean mine;
            synchronized (UNDOS) {
                mine = UNDOS.remove(this);
            }
            if (mine) {
                action.run();
            }
        }
    }

    static Undo run(Runnable action) {
        Undo undo = new Undo(action);
        synchronized (UNDOS) {
            UNDOS.push(undo);
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(AtExit::all, "kith-at-exit"));
                hooked = true;
            }
        }
        return undo;
    }

    /** Whether the process is ending: what fails from now on fails because of that. */
    static boolean hasBegun() {
        return begun;
    }

    private static void all() {
        begun = true;
        for (; ; ) {
            Undo undo;
            synchronized (UNDOS) {
                undo = UNDOS.peek();
            }
            if (undo == null) {
                return;
            }
            try {
                undo.close();
            } catch (RuntimeException e) {
                System.err.println("kith: " + e.getMessage());
            }
        }
    }
}
