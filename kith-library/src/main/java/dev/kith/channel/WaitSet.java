// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.Closed;
import dev.kith.Waitable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Waits for several things at once: receivers, listeners, the end of workers. Python's {@code
 * multiprocessing.connection.wait}.
 *
 * <p>Any thread may add, remove and wait. What is ready is not taken: if several threads receive,
 * one of them may find nothing.
 */
public final class WaitSet {
    private final Set<Waitable> members = new CopyOnWriteArraySet<>();

    /**
     * A set with these members.
     *
     * @param members what to wait for
     */
    public WaitSet(Waitable... members) {
        this.members.addAll(List.of(members));
    }

    /**
     * Adds a member; waits that have begun do not see it.
     *
     * @param member what to wait for too
     */
    public void add(Waitable member) {
        members.add(member);
    }

    /**
     * Removes a member.
     *
     * @param member what to wait for no longer
     */
    public void remove(Waitable member) {
        members.remove(member);
    }

    /**
     * Waits until something is ready.
     *
     * @return what is ready, in the order of addition; at least one
     * @throws InterruptedException if the thread was interrupted
     */
    public List<Waitable> await() throws InterruptedException {
        return await(Duration.ofSeconds(Long.MAX_VALUE));
    }

    /**
     * Waits until something is ready or the time has passed.
     *
     * @param timeout how long to wait at most
     * @return what is ready, in the order of addition; empty if nothing was in time
     * @throws InterruptedException if the thread was interrupted
     */
    public List<Waitable> await(Duration timeout) throws InterruptedException {
        long timeoutNanos = LinkChannel.nanos(timeout);
        long start = System.nanoTime();
        for (; ; ) {
            List<Waitable> ready = ready();
            long left =
                    timeoutNanos == Link.FOREVER
                            ? Link.FOREVER
                            : timeoutNanos - (System.nanoTime() - start);
            if (!ready.isEmpty() || left <= 0) {
                return ready;
            }
            awaitOne(left);
        }
    }

    private List<Waitable> ready() {
        return members.stream().filter(Waitable::isReady).toList();
    }

    private void awaitOne(long nanos) throws InterruptedException {
        Semaphore woken = new Semaphore(0);
        List<Waitable.Registration> registrations = new ArrayList<>();
        try {
            for (Waitable member : members) {
                try {
                    registrations.add(member.whenReady(woken::release));
                } catch (Closed closed) {
                    // Closed since it was asked: ready, for its receive throws.
                    return;
                }
            }
            // What became ready before it was registered tells nobody.
            if (ready().isEmpty()) {
                woken.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            }
        } finally {
            registrations.forEach(Waitable.Registration::close);
        }
    }
}
