// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Signal;
import java.time.Duration;
import java.util.Optional;

/**
 * Receives the 64-bit values that other processes send to this one with the real-time signal
 * SIGRTMIN+6. None is lost and none overtakes another; the kernel keeps those that wait.
 *
 * <pre>{@code
 * try (SignalQueue queue = SignalQueue.open()) {
 *     System.out.println("send to " + queue.address());
 *     System.out.println(queue.receive().value());
 * }
 * }</pre>
 *
 * <p>How others reach it depends on how this JVM was started, and {@link #address()} says it:
 *
 * <ul>
 *   <li>{@code PID}: every thread of the JVM blocks the signal, because it was started by {@code
 *       ./kith} or under {@code env --block-signal=RTMIN+6 java …}. Any program may send with a
 *       plain {@code sigqueue}. What was sent before the queue was opened is received too; several
 *       queues share what comes.
 *   <li>{@code PID/TID}: any other JVM. One thread of the queue's own blocks the signal, and
 *       senders must name it (rt_tgsigqueueinfo(2)); {@link SignalSender} does. Each queue has its
 *       own address, which ends with it; what was sent to it and not received is lost then.
 * </ul>
 *
 * <p>Only values sent with {@code sigqueue} and its relatives are messages; a plain {@code kill} is
 * ignored and does no harm. Any number of threads may receive; each value goes to one of them. How
 * many may wait is bounded by RLIMIT_SIGPENDING of the receiver (ulimit -i), counted together for
 * all processes of its user.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/sigqueue.3.html">sigqueue(3)</a>
 */
public final class SignalQueue implements Waitable, AutoCloseable {
    /** The one signal that Kith sends values with. */
    static final int SIGNAL = Signal.SIGRTMIN + 6;

    /** In si_errno, which nobody else uses: the end of a stream. "KITH". */
    static final int END = 0x4b495448;

    private final SignalSource source;

    private SignalQueue(SignalSource source) {
        this.source = source;
    }

    /**
     * One value and who sent it.
     *
     * @param value what was sent
     * @param end whether a sender has ended its stream ({@link SignalSender#end}); the value is 0
     *     then
     * @param pid the sending process, as its C library wrote it: a process of the same user may lie
     * @param uid its user, likewise
     */
    public record Received(long value, boolean end, long pid, long uid) {
        static Received of(SignalFd.Taken taken) {
            return new Received(
                    taken.value(),
                    taken.errno() == END,
                    taken.pid(),
                    Integer.toUnsignedLong(taken.uid()));
        }

        /**
         * The sender, looked up now.
         *
         * @return who has that process number now; one that has ended has a start time of 0
         */
        public Optional<Peer> sender() {
            if (pid < 1) {
                return Optional.empty(); // of another pid namespace
            }
            return Peer.of(pid).or(() -> Optional.of(new Peer(pid, 0, "", 0, uid, -1)));
        }
    }

    /**
     * Begins to receive.
     *
     * @return the queue; close it
     */
    public static SignalQueue open() {
        // Without a handler, one thread that does not block the signal would mean the JVM's end.
        Errors.check(Signal.handleByNothing(SIGNAL), "sigaction(SIGRTMIN+6)", "");
        return new SignalQueue(
                SignalFd.isBlockedEverywhere(Signal.bit(SIGNAL))
                        ? new ProcessSignals()
                        : ThreadSignals.start());
    }

    /**
     * Takes the next value; waits until there is one.
     *
     * @return the value
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if the queue was closed
     */
    public Received receive() throws InterruptedException {
        return source.take(Deadline.FOREVER);
    }

    /**
     * Takes the next value if there is one now.
     *
     * @return the value, or empty
     * @throws dev.kith.Closed if the queue was closed
     */
    public Optional<Received> tryReceive() {
        return Optional.ofNullable(source.poll());
    }

    /**
     * Takes the next value, waiting a limited time.
     *
     * @param timeout how long to wait at most
     * @return the value, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.Closed if the queue was closed
     */
    public Optional<Received> tryReceive(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(source.take(Deadline.nanos(timeout)));
    }

    /**
     * How others reach this queue.
     *
     * @return {@code PID} or {@code PID/TID}, for {@link SignalSender#to}
     */
    public String address() {
        return source.address();
    }

    /**
     * Whether a receive would not wait. A plain {@code kill} may make it look so until it is looked
     * at.
     *
     * @return true if there is something
     */
    @Override
    public boolean isReady() {
        return source.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return source.whenReady(wake);
    }

    /**
     * Ends receiving. Waiting calls throw {@link dev.kith.Closed}. In a JVM that blocks the signal,
     * what waits stays with the process.
     */
    @Override
    public void close() {
        source.close();
    }

    @Override
    public String toString() {
        return "signal queue " + source.address();
    }
}
