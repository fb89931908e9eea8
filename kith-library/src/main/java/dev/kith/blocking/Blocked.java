// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.kernel.Pthread;
import dev.kith.kernel.Signal;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * One platform thread while it is in a call that may block, and the means to get it out.
 *
 * <p>The means is a signal with a handler that does nothing and without SA_RESTART: the call
 * returns EINTR. Three things send it: {@link Gate#close()}, a deadline, and {@link
 * Thread#interrupt()}, which the JDK reports to the {@code wakeup} of an {@link AbstractSelector}
 * between its {@code begin} and {@code end}. The signal may come just before the thread enters the
 * kernel, so it is repeated until the thread has left the call. It is sent only under the gate's
 * lock and only while the thread is registered, so never to a thread that has ended.
 */
public final class Blocked implements AutoCloseable {
    /** The signal, reserved for Kith in this process: SIGRTMIN+10. */
    static final int WAKE_UP = Signal.SIGRTMIN + 10;

    private static final ThreadLocal<Blocked> MINE = ThreadLocal.withInitial(Blocked::new);

    static {
        int error = Signal.handleByNothing(WAKE_UP);
        if (error < 0) {
            throw new AssertionError("sigaction(" + WAKE_UP + "): errno=" + -error);
        }
    }

    private final long thread = Pthread.self();
    private final InterruptHook hook = new InterruptHook();
    Blocked previous;
    Blocked next;

    private volatile Gate gate;
    private volatile long call;
    private long deadline;
    private Future<?> alarm;

    private Blocked() {}

    static Blocked mine() {
        return MINE.get();
    }

    /**
     * What to do after the call returned -EINTR.
     *
     * @return true: call again; false: the deadline has passed
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the handle was closed
     */
    public boolean goOn() throws InterruptedException {
        if (gate.isClosed()) {
            throw gate.closedException();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return !Deadline.passed(deadline);
    }

    /** Ends the call. */
    @Override
    public void close() {
        hook.ends();
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        gate.leave(this);
    }

    /** Under the gate's lock: the thread is in a call from now on. */
    void entered(Gate by, long until) {
        gate = by;
        deadline = until;
    }

    /** Under the gate's lock: the thread is out. */
    void left() {
        gate = null;
        call++;
    }

    /** Arranges for the wake-ups. */
    void watch() {
        hook.begins();
        if (deadline != Deadline.FOREVER) {
            long of = call;
            Gate at = gate;
            alarm = Waker.at(deadline, () -> at.kick(this, of));
        }
    }

    /** Under the gate's lock: signals the thread if it is still in that call. */
    boolean kick(Gate at, long of) {
        if (gate != at || call != of) {
            return false;
        }
        kick();
        return true;
    }

    /** Under the gate's lock: signals the thread, which is in a call. */
    void kick() {
        Pthread.kill(thread, WAKE_UP);
    }

    /** The one hook that the JDK offers on {@link Thread#interrupt()}. It selects nothing. */
    private final class InterruptHook extends AbstractSelector {
        InterruptHook() {
            super(null);
        }

        void begins() {
            begin();
        }

        void ends() {
            end();
        }

        @Override
        public Selector wakeup() {
            Gate at = gate;
            long of = call;
            if (at != null) {
                Waker.now(() -> at.kick(Blocked.this, of));
            }
            return this;
        }

        @Override
        protected void implCloseSelector() {}

        @Override
        protected SelectionKey register(
                AbstractSelectableChannel channel, int ops, Object attachment) {
            throw unsupported();
        }

        @Override
        public Set<SelectionKey> keys() {
            throw unsupported();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            throw unsupported();
        }

        @Override
        public int selectNow() {
            throw unsupported();
        }

        @Override
        public int select(long timeout) {
            throw unsupported();
        }

        @Override
        public int select() {
            throw unsupported();
        }

        private UnsupportedOperationException unsupported() {
            return new UnsupportedOperationException("this selector only hears of interrupts");
        }
    }
}
