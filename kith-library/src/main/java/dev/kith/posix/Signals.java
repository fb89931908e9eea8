// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EPERM;
import static dev.kith.kernel.Errno.ESRCH;

import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.OwnThreads;
import dev.kith.kernel.Pthread;
import dev.kith.kernel.Signal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Signals: short notices to a process, from a shell's {@code kill}, from Python's {@code os.kill},
 * from C, from the kernel.
 *
 * <pre>{@code
 * Signals.on("USR1", name -> System.out.println("signal " + name));
 * Signals.send(pid, "TERM");
 * }</pre>
 *
 * <p>A signal is named as kill(1) names it, with or without SIG: {@code USR1}, {@code SIGUSR1},
 * {@code RTMIN+3}; a number in digits is understood too. Signals coalesce: several of one name that
 * come before the handler has run may be seen as one, so they tell that something happened, never
 * how often. Where every one counts and carries a value, use a {@link SignalQueue}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
 */
public final class Signals {
    private Signals() {}

    /**
     * Runs a handler when a signal comes, instead of what the JVM would do (end, for most).
     *
     * <p>A signal may have several handlers: all run, one after the other, in a thread that the JVM
     * makes for it, never two at the same time. An exception of one goes to the thread's uncaught
     * exception handler and does not keep the others from running. A handler may do anything, but
     * while it runs, no other of this signal does.
     *
     * @param signal HUP, INT, TERM, USR1, CHLD, CONT, WINCH, ALRM and the like
     * @param handler gets the name without SIG
     * @return closing it removes the handler; after the last one the JVM does as before
     * @throws IllegalArgumentException if there is no such signal, or the JVM or the C library
     *     needs it (QUIT, USR2, SEGV, BUS, FPE, ILL, TRAP, PIPE, XFSZ, KILL, STOP, and real-time
     *     signals): says which and why
     * @throws UnsupportedOperationException if the JVM does not offer it: without the module
     *     jdk.unsupported, or started with -Xrs
     */
    public static Waitable.Registration on(String signal, Consumer<String> handler) {
        Objects.requireNonNull(handler, "handler");
        String call = "Signals.on(\"" + signal + "\")";
        int number = SignalNames.unreserved(call, signal);
        if (number >= Signal.SIGRTMIN) {
            throw new IllegalArgumentException(
                    call
                            + ": the JVM handles no real-time signals; receive "
                            + SignalNames.name(SignalQueue.SIGNAL)
                            + " with a SignalQueue");
        }
        return JvmSignal.on(SignalNames.name(number), handler);
    }

    /**
     * Sends a signal to a process: {@code int kill(pid_t pid, int sig)}.
     *
     * @param pid a process, at least 1
     * @param signal any, those included that a JVM cannot handle
     * @throws dev.kith.NotFound if there is no such process
     * @throws dev.kith.Denied if it is another user's
     */
    public static void send(long pid, String signal) {
        int number = SignalNames.number(signal);
        int error = Signal.kill(process(pid), number);
        if (error < 0) {
            throw failed("kill(" + pid + ", SIG" + SignalNames.name(number) + ")", error);
        }
    }

    /**
     * Sends a signal with a value: {@code int sigqueue(pid_t pid, int sig, const union sigval
     * value)}.
     *
     * <p>Real-time signals (RTMIN to RTMAX) queue, each with its value, in order. The others
     * coalesce all the same. A real-time signal ends a process that neither blocks nor handles it;
     * {@link SignalSender} looks first.
     *
     * @param pid a process, at least 1
     * @param signal any
     * @param value the {@code sival_ptr}; its lower half is the {@code sival_int}
     * @throws dev.kith.NotFound if there is no such process
     * @throws dev.kith.Denied if it is another user's
     * @throws dev.kith.IpcException with EAGAIN if as many signals wait as may
     */
    public static void send(long pid, String signal, long value) {
        int number = SignalNames.number(signal);
        int error = Signal.sigqueue(process(pid), number, value);
        if (error < 0) {
            throw failed(
                    "sigqueue(" + pid + ", SIG" + SignalNames.name(number) + ", " + value + ")",
                    error);
        }
    }

    /**
     * Waits for one of several signals.
     *
     * <p>Signals that every thread of this process blocks (it was started under {@code env
     * --block-signal=USR1}) wait in the kernel, so none is missed between two calls. All others are
     * caught while the call waits, and do what they would without it before and after; if two of
     * them come at the same time, one is returned and the other is lost. To lose none, use {@link
     * #on}.
     *
     * @param signals as for {@link #on}; if they are blocked, real-time signals too
     * @return the name of the one that came, without SIG
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalArgumentException as for {@link #on}, and if only some of them are blocked
     */
    public static String await(String... signals) throws InterruptedException {
        return await(Deadline.FOREVER, signals).orElseThrow();
    }

    /**
     * Waits a limited time for one of several signals.
     *
     * @param timeout how long to wait at most
     * @param signals as for {@link #await(String...)}
     * @return the name of the one that came, without SIG; empty if none came in time
     * @throws InterruptedException if the thread was interrupted
     */
    public static Optional<String> await(Duration timeout, String... signals)
            throws InterruptedException {
        return await(Deadline.nanos(timeout), signals);
    }

    /**
     * Blocks signals in the calling thread; they are delivered to other threads, or wait if all
     * block them.
     *
     * <p>So this keeps a thread's native calls from being interrupted; it does not keep the signal
     * from the process. A whole JVM blocks a signal only if it was started so.
     *
     * @param signals as for {@link #on}, and real-time signals
     * @return closing it, in the same thread, unblocks those that were not blocked before
     * @throws IllegalArgumentException if there is no such signal, or it must not be blocked
     * @throws UnsupportedOperationException in a virtual thread, which changes its carrier and has
     *     no mask
     */
    public static Waitable.Registration block(String... signals) {
        OwnThreads.start();
        checkPlatformThread("block");
        long bits = bits("Signals.block", signals);
        long added = bits & ~mask(Signal.SIG_BLOCK, bits);
        Thread owner = Thread.currentThread();
        return () -> {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException(
                        "a mask belongs to its thread: blocked in "
                                + owner
                                + ", closed in "
                                + Thread.currentThread());
            }
            mask(Signal.SIG_UNBLOCK, added);
        };
    }

    /**
     * The signals that the calling thread blocks.
     *
     * @return names without SIG, in the order of numbers
     * @throws UnsupportedOperationException in a virtual thread
     */
    public static Set<String> mask() {
        checkPlatformThread("mask");
        return SignalNames.names(mask(Signal.SIG_BLOCK, 0));
    }

    /**
     * Every signal of this machine.
     *
     * @return names without SIG and their numbers, in the order of numbers
     */
    public static Map<String, Integer> all() {
        return SignalNames.all();
    }

    /**
     * The number of a signal.
     *
     * @param signal a name with or without SIG
     * @return the number: 10 for USR1
     * @throws IllegalArgumentException if there is none of that name
     */
    public static int number(String signal) {
        return SignalNames.number(signal);
    }

    /**
     * The name of a signal.
     *
     * @param number from 1 to 64
     * @return the name without SIG: USR1 for 10; the digits for the two that the C library keeps
     * @throws IllegalArgumentException if there is none of that number
     */
    public static String name(int number) {
        return SignalNames.name(number);
    }

    private static Optional<String> await(long timeoutNanos, String... signals)
            throws InterruptedException {
        long bits = bits("Signals.await", signals);
        if (SignalFd.isBlockedEverywhere(bits)) {
            try (SignalFd blocked = SignalFd.open(bits, "Signals.await")) {
                return Optional.ofNullable(blocked.take(timeoutNanos))
                        .map(taken -> SignalNames.name(taken.signal()));
            }
        }
        for (String each : signals) {
            if (SignalFd.isBlockedEverywhere(Signal.bit(number(each)))) {
                throw new IllegalArgumentException(
                        "Signals.await: "
                                + each
                                + " is blocked in this process and others of "
                                + List.of(signals)
                                + " are not; wait for them in two threads");
            }
        }
        return awaitHandled(timeoutNanos, signals);
    }

    private static Optional<String> awaitHandled(long timeoutNanos, String... signals)
            throws InterruptedException {
        BlockingQueue<String> came = new LinkedBlockingQueue<>();
        List<Waitable.Registration> handlers = new ArrayList<>();
        try {
            for (String each : signals) {
                handlers.add(on(each, came::add));
            }
            return Optional.ofNullable(came.poll(timeoutNanos, TimeUnit.NANOSECONDS));
        } finally {
            handlers.forEach(Waitable.Registration::close);
        }
    }

    private static long bits(String call, String... signals) {
        if (signals.length == 0) {
            throw new IllegalArgumentException(call + ": no signal named");
        }
        long bits = 0;
        for (String each : signals) {
            bits |= Signal.bit(SignalNames.unreserved(call, each));
        }
        return bits;
    }

    /** Changes the calling thread's mask; returns the one before. */
    private static long mask(int how, long bits) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment before = arena.allocate(Signal.SIGSET_BYTES, 8);
            int error = Pthread.sigmask(how, Signal.set(arena, bits), before);
            Errors.check(-error, "pthread_sigmask(" + SignalNames.names(bits) + ")", "");
            return Signal.bits(before);
        }
    }

    private static void checkPlatformThread(String method) {
        if (Thread.currentThread().isVirtual()) {
            throw new UnsupportedOperationException(
                    "Signals."
                            + method
                            + ": a virtual thread has no signal mask; use a platform thread");
        }
    }

    private static int process(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("pid=" + pid + ", least=1");
        }
        return (int) pid;
    }

    private static RuntimeException failed(String call, int error) {
        return Errors.of(
                call,
                error,
                switch (-error) {
                    case ESRCH -> "no process has this number now";
                    case EPERM -> "only root (CAP_KILL) and the same user may signal a process";
                    case EAGAIN ->
                            "as many signals wait as may (ulimit -i; SigQ in /proc/PID/status):"
                                    + " send again when the receiver has taken some";
                    default -> "";
                });
    }
}
