// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.IpcException;
import dev.kith.Waitable.Registration;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Mqueue;
import dev.kith.kernel.Signal;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Being told when a message comes into an empty {@link MessageQueue}, without waiting for it.
 *
 * <pre>{@code
 * try (var registration = jobs.notification().onMessage(() -> takeAll(jobs))) {
 *     takeAll(jobs);
 *     ...
 * }
 * }</pre>
 *
 * <p>The kernel has one registration for a queue, whoever made it: a second one is refused (EBUSY).
 * It is taken back when the {@link Registration} or the queue is closed, and when the process dies.
 * Nobody is told while a receiver waits, nor of a message that was there before or that joins
 * others.
 *
 * <p>Who only wants to wait for several things at once uses a {@code WaitSet}, of which there may
 * be any number.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/mq_notify.3.html">mq_notify(3)</a>
 */
public final class QueueNotification {
    private static final Path SELF = Path.of("/proc/self");

    /** Those that end a process unless it does something about them; CHLD and the like do not. */
    private static final long HARMLESS =
            Signal.bit(SignalNames.number("CHLD"))
                    | Signal.bit(SignalNames.number("CONT"))
                    | Signal.bit(SignalNames.number("URG"))
                    | Signal.bit(SignalNames.number("WINCH"));

    private final String what;
    private final Descriptor queue;
    private final Set<QueueNotice> open = ConcurrentHashMap.newKeySet();

    QueueNotification(String what, Descriptor queue) {
        this.what = what;
        this.queue = queue;
    }

    /**
     * Asks to be told whenever a message comes into the empty queue, until the registration is
     * closed.
     *
     * <p>Take messages with {@link MessageQueue#tryReceive()} until there is none, after this call
     * and in each callback: the next one is asked for before the callback runs, and nothing is
     * missed. The callback may be told in vain.
     *
     * @param callback run in a thread of its own, one at a time; may block and may use the queue
     * @return what takes the request back; closing the queue does too
     * @throws IpcException if somebody, here or in another process, is registered already (EBUSY)
     */
    public Registration onMessage(Runnable callback) {
        return register(callback, true);
    }

    /**
     * Asks to be told once, when the next message comes into the empty queue; as {@link #onMessage}
     * otherwise. The callback may ask again.
     *
     * @param callback run in a thread of its own
     * @return what takes the request back; closing the queue does too
     * @throws IpcException if somebody, here or in another process, is registered already (EBUSY)
     */
    public Registration onNextMessage(Runnable callback) {
        return register(callback, false);
    }

    /**
     * Asks the kernel to send this process a signal once, when the next message comes into the
     * empty queue.
     *
     * <p>It is for what waits for signals anyway: {@link Signals#await(String...)}, or a library in
     * C. Any close of a descriptor of the queue in this process, another handle's too, takes the
     * request away without a word; {@link #onMessage} makes it again.
     *
     * @param signal one that {@link Signals#on} handles, or that this process blocks or ignores
     * @return what takes the request back, if it has not been used up
     * @throws IpcException if somebody, here or in another process, is registered already (EBUSY)
     * @throws IllegalArgumentException if there is no such signal, or the JVM needs it
     * @throws IllegalStateException if it would end this process
     */
    public Registration signal(String signal) {
        int number = SignalNames.unreserved("mq_notify(" + what + ")", signal);
        checkSurvives(number);
        queue.gate().enter();
        try {
            check(Mqueue.notifyBySignal(queue.fd(), number));
        } finally {
            queue.gate().exit();
        }
        return () -> cancel(number);
    }

    /**
     * Who is registered now.
     *
     * @return the process; empty if none is, it is in another container, or the queue was opened
     *     only to send
     */
    public OptionalLong registrant() {
        queue.gate().enter();
        try {
            long pid = QueueRegistrant.of(queue.fd()).pid();
            return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
        } finally {
            queue.gate().exit();
        }
    }

    /** Ends those that this handle has asked for. */
    void close() {
        open.forEach(QueueNotice::close);
    }

    private Registration register(Runnable callback, boolean again) {
        QueueNotice notice = new QueueNotice(this, queue, callback, again, open::remove);
        open.add(notice);
        try {
            notice.start();
        } catch (RuntimeException failed) {
            notice.close();
            throw failed;
        }
        return notice;
    }

    /** Throws what keeps a registration from being made. */
    void check(int error) {
        if (error < 0) {
            String advice =
                    "one registration at a time: close the other one, or wait with a WaitSet";
            long pid = error == -Errno.EBUSY ? QueueRegistrant.of(queue.fd()).pid() : 0;
            throw Errors.of(
                    "mq_notify(" + what + ")",
                    error,
                    pid == 0 ? advice : "process " + pid + " is registered, " + advice);
        }
    }

    private void cancel(int signal) {
        if (queue.gate().isClosed()) {
            return;
        }
        queue.gate().enter();
        try {
            if (QueueRegistrant.of(queue.fd()).maySignal(signal)) {
                Mqueue.notifyNoMore(queue.fd());
            }
        } finally {
            queue.gate().exit();
        }
    }

    private void checkSurvives(int signal) {
        long bit = Signal.bit(signal);
        SignalStatus status = SignalStatus.of(SELF);
        boolean known = status != null && ((status.caught() | status.ignored()) & bit) != 0;
        if (!known && (bit & HARMLESS) == 0 && !SignalFd.isBlockedEverywhere(bit)) {
            String name = SignalNames.name(signal);
            throw new IllegalStateException(
                    "mq_notify("
                            + what
                            + "): SIG"
                            + name
                            + " would end this process; handle it first, with Signals.on(\""
                            + name
                            + "\", …), or start it with the signal blocked");
        }
    }

    @Override
    public String toString() {
        return "notification of " + what;
    }
}
