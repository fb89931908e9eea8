// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EBADF;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.Errno.EPERM;
import static dev.kith.kernel.Errno.ESRCH;

import dev.kith.HasFd;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Knob;
import dev.kith.kernel.Poll;
import dev.kith.kernel.Signal;
import dev.kith.kernel.SysPidfd;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A process, held by a descriptor: whatever is done through it is done to that process, never to
 * another one that was given the same number later.
 *
 * <pre>{@code
 * try (var process = PidFd.open(pid)) {
 *     process.send(Signals.number("TERM"));
 *     if (!process.join(Duration.ofSeconds(5))) {
 *         process.send(Signals.number("KILL"));
 *     }
 * }
 * }</pre>
 *
 * <p>It may be any process, not only a child. Its exit status is for its parent alone (waitid(2)),
 * which is why there is none here; {@link ProcessHandle} and {@code Worker} have that of children.
 * A zombie, which nobody has waited for yet, has ended. Any thread may call; a close ends the waits
 * of the others.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
 */
public final class PidFd implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final int LAST_SIGNAL = Signal.SIGRTMAX;

    private final transient OwnedFd owned;
    private final transient long pid;

    /** Null if it had ended when the handle was made. */
    private final transient Peer peer;

    private PidFd(int fd, long pid, Peer known) {
        this.owned = new OwnedFd(fd, "pidfd of process " + pid);
        this.pid = pid;
        Peer seen = known == null ? Peer.of(pid).orElse(null) : known;
        // One that has ended by now may have been looked up after another got its number.
        this.peer = known == null && !isAlive() ? null : seen;
    }

    /**
     * Opens a process.
     *
     * @param pid its number
     * @return the handle
     * @throws NotFound if there is no such process
     */
    public static PidFd open(long pid) {
        return new PidFd(opened(pid), pid, null);
    }

    /**
     * Opens a process of which the identity is known: the one that a message or a lock came from.
     *
     * @param peer its number, start time, boot and pid namespace
     * @return the handle
     * @throws NotFound if it has ended, also if its number is another process's now
     */
    public static PidFd open(Peer peer) {
        int fd = opened(peer.pid());
        // Alive after the number was taken means that the number was its.
        if (!peer.isAlive() || !isInSamePlace(peer)) {
            Unistd.close(fd);
            throw new NotFound(
                    "pidfd_open("
                            + peer.pid()
                            + "): the number is that of another process now, or of one that has"
                            + " ended; "
                            + peer
                            + " started at "
                            + peer.startTicks()
                            + " ticks since boot",
                    "pidfd_open(" + peer.pid() + ")",
                    ESRCH);
        }
        return new PidFd(fd, peer.pid(), peer);
    }

    /**
     * Takes over a pidfd that came from elsewhere: a socket's peer, another process.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the handle
     * @throws IllegalArgumentException if it is no pidfd
     */
    public static PidFd own(Fd fd) {
        long pid = number(fd.fd());
        return new PidFd(OwnedFd.release(fd, "pidfd"), pid, null);
    }

    /**
     * The number of the process.
     *
     * @return as this process sees it; -1 if it had been waited for, 0 if it is in a pid namespace
     *     that this process does not see, when {@link #own} or a hand-over brought the handle
     */
    public long pid() {
        return pid;
    }

    /**
     * Who it is.
     *
     * @return its identity; empty if it had ended when the handle was made
     */
    public Optional<Peer> peer() {
        return Optional.ofNullable(peer);
    }

    /**
     * Whether it runs.
     *
     * @return false from the moment on at which its last thread has ended
     */
    public boolean isAlive() {
        return owned.descriptor.poll(Poll.POLLIN, 0) == 0;
    }

    /**
     * Waits until it has ended.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void join() throws InterruptedException {
        owned.descriptor.await(Poll.POLLIN, Deadline.FOREVER);
    }

    /**
     * Waits a limited time until it has ended.
     *
     * @param timeout how long to wait at most
     * @return whether it has ended
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return owned.descriptor.await(Poll.POLLIN, Deadline.after(Deadline.nanos(timeout)));
    }

    /**
     * Sends it a signal, as kill(2) does, but never to another process. pidfd_send_signal(2)
     *
     * @param signal a number, {@code Signals.number("TERM")} of {@code dev.kith.posix}
     * @throws NotFound if it has ended; a zombie takes a signal without a word
     * @throws dev.kith.Denied if it is another user's
     */
    public void send(int signal) {
        if (signal < 1 || signal > LAST_SIGNAL) {
            throw new IllegalArgumentException(
                    "signal=" + signal + ", least=1, most=" + LAST_SIGNAL);
        }
        int error = owned.call(fd -> SysPidfd.sendSignal(fd, signal, MemorySegment.NULL, 0));
        Errors.check(
                error,
                "pidfd_send_signal(" + pid + ", " + signal + ")",
                switch (-error) {
                    case ESRCH -> "it has ended";
                    case EPERM -> "only its user, or one with CAP_KILL, may send it a signal";
                    default -> "";
                });
    }

    /**
     * Duplicates a descriptor of that process into this one. Both stand for the same open file from
     * then on, as if it had been passed through a socket, but the other process does nothing for
     * it. pidfd_getfd(2)
     *
     * @param fdThere the number of the descriptor in that process, as in /proc/PID/fd
     * @return the duplicate, close-on-exec; close it
     * @throws NotFound if it has ended
     * @throws dev.kith.Denied if this process may not trace it, see ptrace(2)
     * @throws dev.kith.IpcException if it has no descriptor of that number
     */
    public Fd duplicate(int fdThere) {
        if (fdThere < 0) {
            throw new IllegalArgumentException("fdThere=" + fdThere + ", least=0");
        }
        int fd = owned.call(own -> SysPidfd.getfd(own, fdThere, 0));
        Errors.check(
                fd,
                "pidfd_getfd(" + pid + ", " + fdThere + ")",
                switch (-fd) {
                    case EBADF -> "it has no such descriptor; see ls -l /proc/" + pid + "/fd";
                    case EPERM -> mayNotTrace();
                    case ESRCH -> "it has ended";
                    case ENOSYS -> "it takes Linux 5.6";
                    default -> "raise the limit of open files (ulimit -n)";
                });
        return Fd.own(fd);
    }

    /**
     * Keeps this process's copy open when the handle is handed over.
     *
     * @return this
     */
    public PidFd keep() {
        owned.keep();
        return this;
    }

    @Override
    public int fd() {
        return owned.fd();
    }

    @Override
    public int duplicateFd() {
        return owned.duplicateFd();
    }

    /** Whether it has ended, so that {@link #join()} would not wait. */
    @Override
    public boolean isReady() {
        return owned.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return owned.whenReady(wake);
    }

    /** Lets go of the process, which goes on. */
    @Override
    public void close() {
        owned.close();
    }

    @Override
    public String toString() {
        return owned.what;
    }

    private static int opened(long pid) {
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "pid=" + pid + ", least=1, most=" + Integer.MAX_VALUE);
        }
        int fd = SysPidfd.open((int) pid, 0);
        return Errors.check(
                fd,
                "pidfd_open(" + pid + ")",
                switch (-fd) {
                    case ESRCH -> "it must be a process that runs, see ps -p " + pid;
                    case ENOSYS -> "it takes Linux 5.3";
                    default -> "raise the limit of open files (ulimit -n)";
                });
    }

    /** Whether a number of that identity means the same here, as far as is known. */
    private static boolean isInSamePlace(Peer peer) {
        long namespace = Peer.of(peer.pid()).map(Peer::pidNamespace).orElse(0L);
        return namespace == 0 || peer.pidNamespace() == 0 || namespace == peer.pidNamespace();
    }

    private static long number(int fd) {
        return OwnedFd.info(fd, "Pid").map(Long::parseLong).orElse(-1L);
    }

    private static String mayNotTrace() {
        String advice =
                "it takes the right to trace it (ptrace(2)): the same user and a process that has"
                        + " not locked itself up (PR_SET_DUMPABLE), or CAP_SYS_PTRACE";
        long scope = Knob.number("kernel/yama/ptrace_scope", -1);
        return scope < 0 ? advice : advice + "; /proc/sys/kernel/yama/ptrace_scope is " + scope;
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(owned.give(this));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a pidfd travels as a descriptor");
    }

    /** A process on its way to another one. */
    private record Travelling(int index) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return OwnedFd.arrived(index, "pidfd", fd -> new PidFd(fd, number(fd), null));
        }
    }
}
