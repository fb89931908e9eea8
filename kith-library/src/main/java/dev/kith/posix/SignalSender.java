// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.Errno.EPERM;
import static dev.kith.kernel.Errno.ESRCH;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Poll;
import dev.kith.kernel.Siginfo;
import dev.kith.kernel.Signal;
import dev.kith.kernel.SysPidfd;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends 64-bit values to a process that receives them with a {@link SignalQueue}, or in C with
 * sigwaitinfo(2) on SIGRTMIN+6.
 *
 * <p>The values of one sender arrive in order. If the receiver has as many waiting as it may,
 * {@link #send} waits, asking again every few milliseconds at the longest, because the kernel does
 * not tell. When the receiver has died, sending throws {@link PeerDied}; another process that is
 * given its number never gets the values. What was sent and not received when it died is lost.
 *
 * <p>Any number of threads may send. A task for a child may capture a sender: it travels by its
 * address.
 */
public final class SignalSender implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    private static final ThreadLocal<MemorySegment> INFO =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Siginfo.BYTES, 8));

    private final transient SignalTarget target;
    private final transient Peer receiver;
    private final transient Gate gate;
    private final transient int pidfd;

    private SignalSender(SignalTarget target, Peer receiver, int pidfd) {
        this.target = target;
        this.receiver = receiver;
        this.pidfd = pidfd;
        this.gate = new Gate("signal sender to " + target);
    }

    /**
     * A sender to a process.
     *
     * @param address {@code PID} or {@code PID/TID}, what {@link SignalQueue#address} says
     * @return the sender; close it
     * @throws dev.kith.NotFound if there is no such process or thread, or it does not receive: the
     *     signal would end the process, or reach nobody
     * @throws IllegalArgumentException if it is no such address
     */
    public static SignalSender to(String address) {
        SignalTarget target = SignalTarget.parse(address);
        Peer receiver = target.receiver();
        int pidfd = SysPidfd.open(target.pid(), 0);
        if (pidfd < 0 && pidfd != -ENOSYS) {
            throw Errors.of(
                    "pidfd_open(" + target.pid() + ")", pidfd, "it must be a process that runs");
        }
        SignalSender sender = new SignalSender(target, receiver, Math.max(pidfd, -1));
        if (!receiver.isAlive()) {
            // Between the look at it and the descriptor, the number may have changed hands.
            sender.close();
            throw target.notFound("process " + target.pid() + " has ended");
        }
        return sender;
    }

    /**
     * Sends a value; waits while there is no room.
     *
     * @param value any
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.PeerDied if the receiver has ended, or closed its queue ({@code PID/TID})
     * @throws dev.kith.Closed if this sender was closed
     */
    public void send(long value) throws InterruptedException {
        transmit(value, 0, Deadline.FOREVER);
    }

    /**
     * Sends a value if there is room now.
     *
     * @param value any
     * @return whether it was sent
     * @throws dev.kith.PeerDied if the receiver has ended, or closed its queue
     */
    public boolean trySend(long value) {
        return sendNow(value, 0);
    }

    /**
     * Sends a value, waiting a limited time for room.
     *
     * @param value any
     * @param timeout how long to wait at most
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.PeerDied if the receiver has ended, or closed its queue
     */
    public boolean trySend(long value, Duration timeout) throws InterruptedException {
        return transmit(value, 0, Deadline.nanos(timeout));
    }

    /**
     * Sends the mark that ends a stream; waits while there is no room. A receiver that is not
     * Kith's sees a value of 0.
     *
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.PeerDied if the receiver has ended, or closed its queue
     */
    public void end() throws InterruptedException {
        transmit(0, SignalQueue.END, Deadline.FOREVER);
    }

    /**
     * Sends the mark that ends a stream, waiting a limited time for room.
     *
     * @param timeout how long to wait at most
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.PeerDied if the receiver has ended, or closed its queue
     */
    public boolean tryEnd(Duration timeout) throws InterruptedException {
        return transmit(0, SignalQueue.END, Deadline.nanos(timeout));
    }

    /**
     * Who receives.
     *
     * @return the process as it was when this sender was made
     */
    public Peer receiver() {
        return receiver;
    }

    /**
     * The address of the receiver.
     *
     * @return {@code PID} or {@code PID/TID}
     */
    public String address() {
        return target.toString();
    }

    /** Lets go. A thread that waits for room gets {@link dev.kith.Closed}. */
    @Override
    public void close() {
        if (gate.close() && pidfd >= 0) {
            Unistd.close(pidfd);
        }
    }

    @Override
    public String toString() {
        return "signal sender to " + target;
    }

    private boolean transmit(long value, int mark, long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long deadline = Deadline.after(timeoutNanos);
        long pause = FIRST_PAUSE_NANOS;
        while (!sendNow(value, mark)) {
            if (Deadline.passed(deadline)) {
                return false;
            }
            Thread.sleep(Duration.ofNanos(Math.min(pause, Deadline.left(deadline))));
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
        }
        return true;
    }

    private boolean sendNow(long value, int mark) {
        gate.enter();
        try {
            MemorySegment info = INFO.get();
            Siginfo.queued(info, SignalQueue.SIGNAL, mark, Self.PID, Self.UID, value);
            int error = receiverEnded() ? -ESRCH : queue(info);
            if (error < 0 && error != -EAGAIN) {
                throw failed(error);
            }
            return error == 0;
        } finally {
            gate.exit();
        }
    }

    private int queue(MemorySegment info) {
        if (target.tid() != 0) {
            return Signal.threadQueueInfo(target.pid(), target.tid(), SignalQueue.SIGNAL, info);
        }
        return pidfd >= 0
                ? SysPidfd.sendSignal(pidfd, SignalQueue.SIGNAL, info, 0)
                : Signal.queueInfo(target.pid(), SignalQueue.SIGNAL, info);
    }

    /** A zombie would take signals and never read them. */
    private boolean receiverEnded() {
        if (pidfd < 0) {
            return !receiver.isAlive();
        }
        MemorySegment pollfd = Scratch.bytes();
        pollfd.set(JAVA_INT, Poll.POLLFD_FD, pidfd);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_EVENTS, Poll.POLLIN);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_REVENTS, (short) 0);
        return Poll.poll(pollfd, 1, 0) > 0;
    }

    private RuntimeException failed(int error) {
        String call = "rt_sigqueueinfo(" + target + ", SIGRTMIN+6)";
        if (error == -ESRCH) {
            boolean ended = receiverEnded();
            return new PeerDied(
                    call
                            + ": ESRCH ("
                            + Errno.text(ESRCH)
                            + "); "
                            + (ended
                                    ? "the receiver has ended"
                                    : "the receiver has closed its queue")
                            + "; what it had not received is lost",
                    call,
                    ESRCH,
                    Optional.of(receiver));
        }
        return Errors.of(
                call,
                error,
                error == -EPERM
                        ? "only root (CAP_KILL) and the same user may signal a process"
                        : "");
    }

    private Object writeReplace() {
        return new Travelling(target.toString(), receiver.startTicks());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a signal sender travels by its address");
    }

    /** What this process tells about itself with every value. */
    private static final class Self {
        static final int PID = (int) ProcessHandle.current().pid();
        static final int UID = Unistd.getuid();
    }

    /** A sender on its way to another process. */
    private record Travelling(String address, long startTicks) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            SignalSender sender = to(address);
            if (sender.receiver.startTicks() != startTicks) {
                sender.close();
                throw sender.target.notFound(
                        "the receiver has ended, another process has its number");
            }
            return sender;
        }
    }
}
