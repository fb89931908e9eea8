// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Waitable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One signal that the JVM catches for us, with its handlers. */
final class JvmSignal {
    private static final Map<String, JvmSignal> HANDLED = new HashMap<>();

    private final String name;
    private final List<Handler> handlers = new CopyOnWriteArrayList<>();
    private final ReentrantLock running = new ReentrantLock();
    private Object before;
    private boolean due;

    private JvmSignal(String name) {
        this.name = name;
    }

    /** Adds a handler; the first one of a signal replaces what the JVM did on it until now. */
    static Waitable.Registration on(String name, Consumer<String> handler) {
        synchronized (HANDLED) {
            JvmSignal signal = HANDLED.get(name);
            if (signal == null) {
                signal = new JvmSignal(name);
                signal.before = SunSignal.get().handle(name, signal::caught);
                HANDLED.put(name, signal);
            }
            Handler added = new Handler(signal, handler);
            signal.handlers.add(added);
            return added;
        }
    }

    private record Handler(JvmSignal signal, Consumer<String> action)
            implements Waitable.Registration {
        @Override
        public void close() {
            synchronized (HANDLED) {
                if (signal.handlers.remove(this) && signal.handlers.isEmpty()) {
                    HANDLED.remove(signal.name);
                    SunSignal.get().restore(signal.name, signal.before);
                }
            }
        }

        // Two registrations of one handler are two.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** In a new thread of the JVM for every signal that it caught. */
    private void caught() {
        synchronized (this) {
            if (due) {
                return; // a thread waits to run the handlers after those that run now
            }
            due = true;
        }
        running.lock();
        try {
            synchronized (this) {
                due = false;
            }
            runHandlers();
        } finally {
            running.unlock();
        }
    }

    private void runHandlers() {
        for (Handler handler : handlers) {
            try {
                handler.action.accept(name);
            } catch (Throwable thrown) {
                Thread me = Thread.currentThread();
                me.getUncaughtExceptionHandler().uncaughtException(me, thrown);
            }
        }
    }
}
