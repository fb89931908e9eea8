// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.kernel.Signal;
import dev.kith.kernel.Unistd;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Future;

/**
 * One platform thread while it is in a call that may block, and the means to get it out.
 *
 * <p>The means is a signal with a handler that does nothing and without SA_RESTART: the call
 * returns EINTR. Three things send it: {@link Gate#close()}, a deadline, and {@link
 * Thread#interrupt()}, of which {@link InterruptHook} hears. The signal may come just before the
 * thread enters the kernel, so it is repeated until the thread has left the call. One that comes
 * late, when the thread is elsewhere or another one has its number, does nothing.
 */
public final class Blocked implements AutoCloseable {
    /** The signal, reserved for Kith in this process: SIGRTMIN+10. */
    static final int WAKE_UP = Signal.SIGRTMIN + 10;

    private static final int PROCESS = (int) ProcessHandle.current().pid();

    /** Those of all threads that have ever blocked and still run. */
    private static final Set<Blocked> ALL =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private static final ThreadLocal<Blocked> MINE = ThreadLocal.withInitial(Blocked::new);

    static {
        int error = Signal.handleByNothing(WAKE_UP);
        if (error < 0) {
            throw new AssertionError("sigaction(" + WAKE_UP + "): errno=" + -error);
        }
    }

    private final int thread = Unistd.gettid();
    private final InterruptHook hook = new InterruptHook(this);

    /** The gates of the calls that the thread is in, the innermost last. */
    private volatile Gate[] gates = new Gate[4];

    /** Which calls they are, so that a wake-up for one does not go on into another. */
    private volatile int[] calls = new int[4];

    private long[] deadlines = new long[4];
    private Future<?>[] alarms = new Future<?>[4];
    private int depth;

    private int lastCall;

    private Blocked() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread would block its carrier: Offload");
        }
        ALL.add(this);
    }

    static Blocked mine() {
        return MINE.get();
    }

    /** Wakes every thread that is in a call on a gate. */
    static void kickAll(Gate gate) {
        synchronized (ALL) {
            for (Blocked each : ALL) {
                for (Gate of : each.gates) {
                    if (of == gate) {
                        each.kick();
                        break;
                    }
                }
            }
        }
    }

    /**
     * What to do after the call returned -EINTR.
     *
     * @return true: call again; false: the deadline has passed
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the handle was closed, or one in whose call this one is made
     */
    public boolean goOn() throws InterruptedException {
        for (int i = depth - 1; i >= 0; i--) {
            if (gates[i].isClosed()) {
                throw gates[i].closedException();
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return !Deadline.passed(deadlines[depth - 1]);
    }

    /** Ends the call. */
    @Override
    public void close() {
        int top = --depth;
        Gate gate = gates[top];
        gates[top] = null;
        if (alarms[top] != null) {
            alarms[top].cancel(false);
            alarms[top] = null;
        }
        calls[top] = 0;
        gate.exit();
    }

    /** The thread is in a call from now on. */
    void entered(Gate gate, long deadline) {
        if (depth == gates.length) {
            deadlines = Arrays.copyOf(deadlines, depth * 2);
            alarms = Arrays.copyOf(alarms, depth * 2);
            calls = Arrays.copyOf(calls, depth * 2);
            gates = Arrays.copyOf(gates, depth * 2);
        }
        int call = ++lastCall == 0 ? ++lastCall : lastCall;
        deadlines[depth] = deadline;
        calls[depth] = call;
        gates[depth++] = gate;
        hook.listen();
        if (deadline != Deadline.FOREVER) {
            alarms[depth - 1] = Waker.at(deadline, () -> kick(call));
        }
    }

    /** From the thread that interrupts this one. */
    void interrupted() {
        // The outermost: when it has been left, so have those within.
        int call = calls[0];
        if (call != 0) {
            Waker.now(() -> kick(call));
        }
    }

    /** Signals the thread if it is still in that call; whether it is. */
    private boolean kick(int call) {
        for (int each : calls) {
            if (each == call) {
                kick();
                return true;
            }
        }
        return false;
    }

    private void kick() {
        Signal.tgkill(PROCESS, thread, WAKE_UP);
    }
}
