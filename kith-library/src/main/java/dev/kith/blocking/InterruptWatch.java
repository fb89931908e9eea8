// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that looks after the calls in which {@link InterruptHook} was not renewed.
 *
 * <p>To renew the hook costs a call that is over in a microsecond a noticeable part of it, and
 * nearly always it is still in place from an earlier call: only code that blocks in a channel of
 * java.nio in the same thread takes it away. So a call begins without, and if it lasts longer than
 * a tick or two, this thread interrupts it once, upon which it renews the hook and goes on. An
 * interrupt that nobody heard is noticed at the same time.
 *
 * <p>The thread sleeps while there is no such call: threads that wait long cost nothing.
 */
final class InterruptWatch implements Runnable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Whether the thread looks at the calls; pairs with the barriers in run() and Blocked. */
    private static volatile boolean watching;

    private static Thread thread;

    private InterruptWatch() {}

    /** A call without a fresh hook has begun. */
    static void need() {
        if (!watching) {
            begin();
        }
    }

    @Override
    public void run() {
        Barrier.cheapen();
        for (; ; ) {
            LockSupport.parkNanos(this, TICK_NANOS);
            if (!Caller.watchAll()) {
                watching = false;
                Barrier.heavy();
                if (Caller.watchAll()) {
                    watching = true;
                }
                while (!watching) {
                    LockSupport.park(this);
                }
            }
        }
    }

    private static synchronized void begin() {
        watching = true;
        if (thread == null) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("kith-interrupt-watch")
                            .start(new InterruptWatch());
        }
        LockSupport.unpark(thread);
    }
}
