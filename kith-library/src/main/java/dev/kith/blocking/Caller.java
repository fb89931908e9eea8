// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.kernel.PerThread;
import dev.kith.kernel.Signal;
import dev.kith.kernel.Unistd;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * A platform thread that makes calls, and the means to get it out of one that blocks.
 *
 * <p>The means is a signal with a handler that does nothing and without SA_RESTART: the call
 * returns EINTR. Three things send it: {@link Gate#close()}, a deadline, and {@link
 * Thread#interrupt()}, of which {@link InterruptHook} and {@link InterruptWatch} hear. The signal
 * may come just before the thread enters the kernel, so it is repeated until the thread has left
 * the call. One that comes late, when the thread is elsewhere or another one has its number, does
 * nothing.
 */
final class Caller {
    /** The signal, reserved for Kith in this process: SIGRTMIN+10. */
    static final int WAKE_UP = Signal.SIGRTMIN + 10;

    private static final int PROCESS = (int) ProcessHandle.current().pid();

    /** For so many calls after a long one each renews the hook by itself. */
    private static final int EAGER_CALLS = 64;

    /** Those of all threads that have ever made a call and still run. */
    private static final Set<Caller> ALL =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    static {
        int error = Signal.handleByNothing(WAKE_UP);
        if (error < 0) {
            throw new AssertionError("sigaction(" + WAKE_UP + "): errno=" + -error);
        }
    }

    private final Thread thread = Thread.currentThread();
    private final int threadId = Unistd.gettid();
    private final InterruptHook hook = new InterruptHook(this);
    private final Blocked outermost = new Blocked(this, null);

    /** What the next call uses. */
    private Blocked next = outermost;

    private int lastNumber;
    private int eager;

    /** What {@link InterruptWatch} saw last; its own. */
    private int seen;

    /** Whether {@link InterruptWatch} wants the hook to be renewed. */
    private volatile boolean hookWanted;

    private Caller() {
        if (thread.isVirtual()) {
            throw new IllegalStateException("a virtual thread would block its carrier: Offload");
        }
        ALL.add(this);
        hook.listen();
    }

    static Caller mine() {
        PerThread thread = PerThread.current();
        return thread.caller == null ? first(thread) : (Caller) thread.caller;
    }

    /** Wakes every thread that blocks on a gate; whether any thread is in a call on it. */
    static boolean kickAll(Gate gate) {
        boolean any = false;
        synchronized (ALL) {
            for (Caller each : ALL) {
                any |= each.kick(gate);
            }
        }
        return any;
    }

    /**
     * Makes the threads that have been in a call without a fresh hook since the last time renew it,
     * and those that were interrupted leave theirs; whether there is any such call.
     */
    static boolean watchAll() {
        boolean any = false;
        synchronized (ALL) {
            for (Caller each : ALL) {
                any |= each.watch();
            }
        }
        return any;
    }

    Blocked begin(Gate gate) {
        Blocked call = next;
        call.enter(gate);
        return call;
    }

    Blocked begin(Gate gate, long deadline, boolean undisturbed) {
        Blocked call = begin(gate);
        int number = ++lastNumber == 0 ? ++lastNumber : lastNumber;
        call.mayBlock(number, deadline, undisturbed);
        return call;
    }

    /** The call that is to end first. */
    Blocked innermost() {
        return next.outer();
    }

    void next(Blocked call) {
        next = call;
    }

    /** Whether the watch may look after the interrupts of a call that begins. */
    boolean mayBeLazy() {
        if (eager == 0) {
            return true;
        }
        eager--;
        return false;
    }

    /** Hears of interrupts itself. */
    void hook() {
        hook.listen();
    }

    /** Does what the watch wants, if it does. */
    boolean renewsHook() {
        if (!hookWanted) {
            return false;
        }
        hookWanted = false;
        eager = EAGER_CALLS;
        hook.listen();
        return true;
    }

    /** From the thread that interrupts this one. */
    void interrupted() {
        // The outermost: when it has been left, so have those within.
        for (Blocked each = outermost; each != null; each = each.inner()) {
            int call = each.number();
            if (call != 0) {
                Waker.now(() -> kick(call));
                return;
            }
        }
    }

    /** Signals the thread if it is still in that call; whether it is. */
    boolean kick(int call) {
        for (Blocked each = outermost; each != null; each = each.inner()) {
            if (each.number() == call) {
                kick();
                return true;
            }
        }
        return false;
    }

    private static Caller first(PerThread thread) {
        Caller made = new Caller();
        thread.caller = made;
        return made;
    }

    private boolean watch() {
        int call = outermost.number();
        if (call == 0 || !outermost.isUnhooked()) {
            return false;
        }
        if (call == seen || thread.isInterrupted()) {
            hookWanted = true;
            kick(call);
        }
        seen = call;
        return true;
    }

    /** Signals the thread if it blocks and is in a call on a gate; whether it is in one. */
    private boolean kick(Gate gate) {
        boolean in = false;
        boolean blocks = false;
        for (Blocked each = outermost; each != null; each = each.inner()) {
            in |= each.isOn(gate);
            blocks |= each.number() != 0;
        }
        if (in && blocks) {
            kick();
        }
        return in;
    }

    private void kick() {
        Signal.tgkill(PROCESS, threadId, WAKE_UP);
    }
}
