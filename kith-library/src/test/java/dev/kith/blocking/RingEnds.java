// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Ends of rings, each for one thread at a time: a call gets one that no other has, made if need be,
 * each on a ring of its own.
 *
 * @param <E> the end
 */
final class RingEnds<E> implements AutoCloseable {
    private final Supplier<Made<E>> maker;
    private final List<Made<E>> all = new ArrayList<>();
    private final Deque<E> idle = new ArrayDeque<>();
    private boolean closed;

    RingEnds(Supplier<Made<E>> maker) {
        this.maker = maker;
        idle.add(make());
    }

    /** An end in a state in which its calls wait, and what lets one succeed, and closes it. */
    record Made<E>(E end, Step letGo, Step close, Step discard) {}

    /** Something to do. */
    interface Step {
        void run() throws Exception;
    }

    /** A call of an end. */
    interface Call<E> {
        void on(E end) throws Exception;
    }

    /** A call of an end that says whether it got what it waits for. */
    interface Question<E> {
        boolean on(E end) throws Exception;
    }

    void with(Call<E> call) throws Exception {
        ask(end -> {
            call.on(end);
            return true;
        });
    }

    boolean ask(Question<E> question) throws Exception {
        E end = take();
        try {
            return question.on(end);
        } finally {
            synchronized (this) {
                idle.push(end);
            }
        }
    }

    synchronized void let() throws Exception {
        for (Made<E> each : all) {
            each.letGo.run();
        }
    }

    synchronized void closeEnds() throws Exception {
        closed = true;
        for (Made<E> each : all) {
            each.close.run();
        }
    }

    @Override
    public synchronized void close() throws Exception {
        for (Made<E> each : all) {
            each.discard.run();
        }
    }

    private synchronized E take() {
        return idle.isEmpty() ? closed ? all.getFirst().end : make() : idle.pop();
    }

    private synchronized E make() {
        Made<E> made = maker.get();
        all.add(made);
        return made.end;
    }
}
