// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.SysEventfd;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A counter in the kernel: any number of processes add to it, whoever takes waits until it is not
 * 0.
 *
 * <pre>{@code
 * var done = EventFd.create().keep();
 * worker.start(() -> done.add(42));              // in a child
 * long sum = done.take();                        // what all have added since the last take
 * }</pre>
 *
 * <p>It has 64 bits without a sign, from 0 to 2<sup>64</sup>-2: use {@link
 * Long#toUnsignedString(long)} and {@link Long#compareUnsigned} beyond {@link Long#MAX_VALUE}. As a
 * semaphore ({@link #createSemaphore}) a take decrements it by 1 instead.
 *
 * <p>Any number of threads and processes may add and take; each unit is taken once. Nobody owns
 * anything: what a process had added when it died stays, what it had taken is gone, and whoever
 * waits goes on waiting. What a process had written to shared memory before an add is seen by the
 * one whose take got it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
public final class EventFd implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient OwnedFd owned;
    private final transient boolean semaphore;

    private EventFd(int fd, boolean semaphore) {
        this.owned = new OwnedFd(fd, semaphore ? "semaphore eventfd" : "eventfd");
        this.semaphore = semaphore;
    }

    /**
     * Makes a counter of 0.
     *
     * @return the handle
     */
    public static EventFd create() {
        return create(0);
    }

    /**
     * Makes a counter.
     *
     * @param initial what it begins with, without a sign; not 2<sup>64</sup>-1, which is -1
     * @return the handle
     */
    public static EventFd create(long initial) {
        return create(initial, false);
    }

    /**
     * Makes a counter of which each take takes 1.
     *
     * @param permits what it begins with, without a sign; not 2<sup>64</sup>-1, which is -1
     * @return the handle
     */
    public static EventFd createSemaphore(long permits) {
        return create(permits, true);
    }

    /**
     * Takes over an eventfd that came from elsewhere: a native library, another process.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the handle
     * @throws IllegalArgumentException if it is no eventfd
     */
    public static EventFd own(Fd fd) {
        boolean semaphore =
                OwnedFd.info(fd.fd(), "eventfd-semaphore").map("1"::equals).orElse(false);
        return new EventFd(OwnedFd.release(fd, "eventfd"), semaphore);
    }

    /**
     * Adds; waits while the sum would be more than 2<sup>64</sup>-2.
     *
     * @param value without a sign; neither 0, which would wake nobody, nor 2<sup>64</sup>-1, which
     *     is -1
     * @throws InterruptedException if the thread was interrupted; nothing was added
     * @throws IllegalArgumentException for 0 and -1
     */
    public void add(long value) throws InterruptedException {
        add(value, Deadline.FOREVER);
    }

    /**
     * Adds, waiting a limited time while the sum would be more than 2<sup>64</sup>-2.
     *
     * @param value without a sign; neither 0 nor 2<sup>64</sup>-1, which is -1
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it was added
     * @throws InterruptedException if the thread was interrupted; nothing was added
     * @throws IllegalArgumentException for 0 and -1
     */
    public boolean tryAdd(long value, Duration timeout) throws InterruptedException {
        return add(value, Deadline.nanos(timeout));
    }

    /**
     * Takes all there is, or 1 from a semaphore; waits while there is nothing.
     *
     * @return what was taken, without a sign and not 0
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public long take() throws InterruptedException {
        return take(Deadline.FOREVER).orElseThrow();
    }

    /**
     * Takes all there is, or 1 from a semaphore, waiting a limited time for something.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return what was taken, without a sign and not 0; empty if there was nothing in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public OptionalLong tryTake(Duration timeout) throws InterruptedException {
        return take(Deadline.nanos(timeout));
    }

    /**
     * How much there is, without taking it; for people, because it may change at once.
     *
     * @return the counter, without a sign
     */
    public long value() {
        // In hexadecimal, eventfd(2) since Linux 3.8.
        return owned.info("eventfd-count").map(hex -> Long.parseUnsignedLong(hex, 16)).orElse(0L);
    }

    /**
     * Whether a take takes 1.
     *
     * @return true for {@link #createSemaphore}
     */
    public boolean isSemaphore() {
        return semaphore;
    }

    /**
     * Keeps this process's copy open when the handle is handed over.
     *
     * @return this
     */
    public EventFd keep() {
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

    @Override
    public boolean isReady() {
        return owned.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return owned.whenReady(wake);
    }

    /** Closes this process's copy; the counter is gone with the last one. */
    @Override
    public void close() {
        owned.close();
    }

    @Override
    public String toString() {
        return owned.what;
    }

    private static EventFd create(long initial, boolean semaphore) {
        if (initial == -1) {
            throw new IllegalArgumentException(
                    "initial=-1 is 2^64-1 without a sign, most=2^64-2 (-2)");
        }
        int flags = SysEventfd.EFD_CLOEXEC | (semaphore ? SysEventfd.EFD_SEMAPHORE : 0);
        // The C library takes 32 bits of it, the rest is added.
        boolean fits = initial >>> 32 == 0;
        EventFd made =
                new EventFd(
                        Errors.check(
                                SysEventfd.eventfd(fits ? (int) initial : 0, flags),
                                "eventfd(" + Long.toUnsignedString(initial) + ")",
                                "raise the limit of open files (ulimit -n)"),
                        semaphore);
        if (!fits) {
            made.begin(initial);
        }
        return made;
    }

    /** Nobody else has it yet, and it has room: this does not wait. */
    private void begin(long value) {
        MemorySegment bytes = Scratch.eight();
        bytes.set(JAVA_LONG, 0, value);
        long put = Unistd.write(owned.descriptor.fd(), bytes, Long.BYTES);
        if (put < 0) {
            close();
            throw failed("write", put);
        }
    }

    private boolean add(long value, long timeoutNanos) throws InterruptedException {
        if (value == 0 || value == -1) {
            throw new IllegalArgumentException(
                    value == 0
                            ? "value=0 would wake nobody, least=1"
                            : "value=-1 is 2^64-1 without a sign, most=2^64-2 (-2)");
        }
        MemorySegment bytes = Scratch.eight();
        bytes.set(JAVA_LONG, 0, value);
        long put = owned.descriptor.write(bytes, Long.BYTES, timeoutNanos);
        if (put < 0 && put != -EAGAIN) {
            throw failed("write", put);
        }
        return put == Long.BYTES;
    }

    private OptionalLong take(long timeoutNanos) throws InterruptedException {
        MemorySegment bytes = Scratch.eight();
        long got = owned.descriptor.read(bytes, Long.BYTES, timeoutNanos);
        if (got == -EAGAIN) {
            return OptionalLong.empty();
        }
        if (got < 0) {
            throw failed("read", got);
        }
        return OptionalLong.of(bytes.get(JAVA_LONG, 0));
    }

    private RuntimeException failed(String call, long error) {
        return Errors.of(call + "(" + owned.what + ", 8)", error, "");
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(owned.give(this), semaphore);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an eventfd travels as a descriptor");
    }

    /** A counter on its way to another process. */
    private record Travelling(int index, boolean semaphore) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return OwnedFd.arrived(index, "eventfd", fd -> new EventFd(fd, semaphore));
        }
    }
}
