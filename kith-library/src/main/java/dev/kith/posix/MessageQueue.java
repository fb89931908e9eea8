// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.kernel.Mqueue;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A POSIX message queue: messages with a priority, kept by the kernel until somebody takes them.
 *
 * <pre>{@code
 * try (var jobs = MessageQueue.create("/jobs")) {
 *     jobs.send("later".getBytes(), 0);
 *     jobs.send("first".getBytes(), 9);
 *     System.out.println(new String(jobs.receive().value()));    // first
 *     jobs.unlink();
 * }
 * }</pre>
 *
 * <p>The highest priority is received first, the oldest message first among equals. The queue holds
 * a fixed number of messages of a limited length, both set when it is made ({@link QueueLimits}); a
 * sender waits while it is full. It stays, with what is in it, until {@link #unlink()} or the end
 * of the machine: a process that dies takes nothing with it. A message that was received by a
 * process that then dies is gone.
 *
 * <p>Any number of threads and processes may send and receive. A handle may be captured by a task
 * for a child: it is opened there again by its name.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/mq_overview.7.html">mq_overview(7)</a>
 */
public final class MessageQueue implements Named, Waitable, HasFd, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    /** The highest priority of a message; 0 is the lowest. */
    public static final int HIGHEST_PRIORITY = Mqueue.HIGHEST_PRIORITY;

    private final transient String name;
    private final transient Access access;
    private final transient Descriptor descriptor;
    private final transient QueueTransfer transfer;
    private final transient QueueAttributes made;
    private final transient QueueNotification notification;

    private MessageQueue(String name, Access access, int fd) {
        this.name = name;
        this.access = access;
        this.descriptor = new Descriptor(fd, this.toString());
        try {
            this.made = QueueAttributes.of(fd);
        } catch (RuntimeException failed) {
            descriptor.close();
            throw failed;
        }
        this.transfer = new QueueTransfer(name, descriptor, made.maxMessageBytes());
        this.notification = new QueueNotification(this.toString(), descriptor);
    }

    /**
     * What a handle is opened for, so that a queue whose mode allows only one of them can be
     * opened.
     */
    public enum Access {
        /** To receive (O_RDONLY). */
        RECEIVE,
        /** To send (O_WRONLY). */
        SEND,
        /** To send and to receive (O_RDWR). */
        BOTH
    }

    /**
     * Makes a queue that only this user may open (0600) with the limits that users have: at most 10
     * messages of 8192 bytes, unless the machine allows less.
     *
     * @param name a slash and at most 255 bytes, {@code /jobs}
     * @return the queue, open to send and to receive
     * @throws AlreadyExists if there is one of that name
     */
    public static MessageQueue create(String name) {
        QueueLimits limits = QueueLimits.current();
        return create(
                name, Math.min(10, limits.maxCapacity()), Math.min(8192, limits.maxMessageBytes()));
    }

    /**
     * Makes a queue that only this user may open (0600).
     *
     * @param name a slash and at most 255 bytes, {@code /jobs}
     * @param capacity how many messages it holds
     * @param maxMessageBytes how long a message may be
     * @return the queue, open to send and to receive
     * @throws AlreadyExists if there is one of that name
     * @throws IpcException if a limit of the machine is in the way; says which and how to raise it
     */
    public static MessageQueue create(String name, int capacity, int maxMessageBytes) {
        return create(name, capacity, maxMessageBytes, 0600);
    }

    /**
     * Makes a queue.
     *
     * @param name a slash and at most 255 bytes, {@code /jobs}
     * @param capacity how many messages it holds
     * @param maxMessageBytes how long a message may be
     * @param mode permission bits; the umask is not applied
     * @return the queue, open to send and to receive
     * @throws AlreadyExists if there is one of that name
     * @throws IpcException if a limit of the machine is in the way; says which and how to raise it
     */
    public static MessageQueue create(String name, int capacity, int maxMessageBytes, int mode) {
        return new MessageQueue(
                name, Access.BOTH, QueueOpening.create(name, capacity, maxMessageBytes, mode));
    }

    /**
     * Makes a queue (0600) under a free name that is made up; {@link #name()} tells it.
     *
     * @param capacity how many messages it holds
     * @param maxMessageBytes how long a message may be
     * @return the queue, open to send and to receive
     * @throws IpcException if a limit of the machine is in the way; says which and how to raise it
     */
    public static MessageQueue create(int capacity, int maxMessageBytes) {
        return create(ObjectName.made(), capacity, maxMessageBytes);
    }

    /**
     * Opens a queue to send and to receive.
     *
     * @param name {@code /jobs}
     * @return the queue
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static MessageQueue open(String name) {
        return open(name, Access.BOTH);
    }

    /**
     * Opens a queue.
     *
     * @param name {@code /jobs}
     * @param access what for
     * @return the queue
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static MessageQueue open(String name, Access access) {
        return new MessageQueue(name, access, QueueOpening.open(name, access));
    }

    /**
     * Opens a queue to send and to receive, made (0600) if there is none.
     *
     * @param name {@code /jobs}
     * @param capacity how many messages it holds if it is made
     * @param maxMessageBytes how long a message may be if it is made
     * @return the queue
     */
    public static MessageQueue openOrCreate(String name, int capacity, int maxMessageBytes) {
        return openOrCreate(name, capacity, maxMessageBytes, 0600);
    }

    /**
     * Opens a queue to send and to receive, made if there is none.
     *
     * @param name {@code /jobs}
     * @param capacity how many messages it holds if it is made
     * @param maxMessageBytes how long a message may be if it is made
     * @param mode permission bits if it is made; the umask is not applied
     * @return the queue
     */
    public static MessageQueue openOrCreate(
            String name, int capacity, int maxMessageBytes, int mode) {
        return new MessageQueue(
                name,
                Access.BOTH,
                QueueOpening.openOrCreate(name, capacity, maxMessageBytes, mode));
    }

    /**
     * The names of the queues that exist.
     *
     * <p>With CAP_SYS_ADMIN these are all queues of the ipc namespace. Without it those in
     * /dev/mqueue, if it is mounted; if it is not, those that a process whose descriptors this user
     * may see has open.
     *
     * @return names in alphabetical order
     */
    public static List<String> list() {
        return QueueNames.list();
    }

    /**
     * Removes the name of a queue. Who has it open may go on using it.
     *
     * @param name {@code /jobs}
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if it belongs to somebody else
     */
    public static void unlink(String name) {
        QueueOpening.unlink(name);
    }

    /**
     * Sends a message; waits while the queue is full.
     *
     * @param message may be empty
     * @param priority 0 to {@link #HIGHEST_PRIORITY}
     * @throws InterruptedException if the thread was interrupted; the message was not sent
     * @throws IpcException if the message is longer than the queue takes
     */
    public void send(byte[] message, int priority) throws InterruptedException {
        send(QueueTransfer.bytes(message), priority);
    }

    /**
     * Sends a message that is written straight into native memory; waits while the queue is full.
     *
     * @param writer writes the message, once, in this thread
     * @param priority 0 to {@link #HIGHEST_PRIORITY}
     * @throws InterruptedException if the thread was interrupted; the message was not sent
     * @throws IpcException if the message is longer than the queue takes
     */
    public void send(QueueWriter writer, int priority) throws InterruptedException {
        sending().send(writer, priority, Deadline.FOREVER);
    }

    /**
     * Sends a message if there is room now.
     *
     * @param message may be empty
     * @param priority 0 to {@link #HIGHEST_PRIORITY}
     * @return whether it was sent
     * @throws IpcException if the message is longer than the queue takes
     */
    public boolean trySend(byte[] message, int priority) {
        return sending().sendNow(message, priority);
    }

    /**
     * Sends a message, waiting a limited time for room.
     *
     * @param message may be empty
     * @param priority 0 to {@link #HIGHEST_PRIORITY}
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; the message was not sent
     * @throws IpcException if the message is longer than the queue takes
     */
    public boolean trySend(byte[] message, int priority, Duration timeout)
            throws InterruptedException {
        return trySend(QueueTransfer.bytes(message), priority, timeout);
    }

    /**
     * Sends a message that is written straight into native memory, waiting a limited time for room.
     *
     * @param writer writes the message, once, in this thread
     * @param priority 0 to {@link #HIGHEST_PRIORITY}
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; the message was not sent
     * @throws IpcException if the message is longer than the queue takes
     */
    public boolean trySend(QueueWriter writer, int priority, Duration timeout)
            throws InterruptedException {
        return sending().send(writer, priority, Deadline.nanos(timeout));
    }

    /**
     * Takes the next message; waits until there is one.
     *
     * @return the message
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public PriorityMessage<byte[]> receive() throws InterruptedException {
        return receive(MessageQueue::copied);
    }

    /**
     * Takes the next message and reads it where it lies; waits until there is one.
     *
     * @param <R> what becomes of it
     * @param reader gets the message, in this thread
     * @return what the reader returned
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public <R> R receive(QueueReader<R> reader) throws InterruptedException {
        return receiving().receive(reader, Deadline.FOREVER);
    }

    /**
     * Takes the next message if there is one now.
     *
     * @return the message, or empty if there is none now
     */
    public Optional<PriorityMessage<byte[]>> tryReceive() {
        return Optional.ofNullable(receiving().receiveNow(MessageQueue::copied));
    }

    /**
     * Takes the next message, waiting a limited time.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return the message, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public Optional<PriorityMessage<byte[]>> tryReceive(Duration timeout)
            throws InterruptedException {
        return tryReceive(MessageQueue::copied, timeout);
    }

    /**
     * Takes the next message and reads it where it lies, waiting a limited time.
     *
     * @param <R> what becomes of it
     * @param reader gets the message, in this thread
     * @param timeout how long to wait at most; zero does not wait
     * @return what the reader returned, or empty if no message came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public <R> Optional<R> tryReceive(QueueReader<R> reader, Duration timeout)
            throws InterruptedException {
        return Optional.ofNullable(receiving().receive(reader, Deadline.nanos(timeout)));
    }

    /**
     * Being told when a message comes, without waiting for it.
     *
     * @return the one registration that the kernel has for a queue
     */
    public QueueNotification notification() {
        return notification;
    }

    /**
     * The limits of the queue and how many messages it holds now.
     *
     * @return as the kernel says at this moment
     */
    public QueueAttributes attributes() {
        descriptor.gate().enter();
        try {
            return QueueAttributes.of(descriptor.fd());
        } finally {
            descriptor.gate().exit();
        }
    }

    /**
     * Who owns the queue and who may open it.
     *
     * @return as the kernel says at this moment; the size says nothing
     */
    public FileStatus status() {
        descriptor.gate().enter();
        try {
            return FileStatus.of(descriptor.fd());
        } finally {
            descriptor.gate().exit();
        }
    }

    /**
     * How many messages the queue can hold.
     *
     * @return what it was made for
     */
    public int capacity() {
        return made.capacity();
    }

    /**
     * How long a message may be.
     *
     * @return bytes, as it was made for
     */
    public int maxMessageBytes() {
        return made.maxMessageBytes();
    }

    /**
     * A second handle on the same queue, whatever has become of its name. Each is closed on its
     * own.
     *
     * @return a new handle
     */
    public MessageQueue duplicate() {
        descriptor.gate().enter();
        try {
            return new MessageQueue(name, access, QueueOpening.duplicate(descriptor.fd()));
        } finally {
            descriptor.gate().exit();
        }
    }

    @Override
    public boolean isReady() {
        return descriptor.isReadable();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        try {
            return descriptor.whenReadable(wake);
        } catch (Closed ready) {
            wake.run();
            return () -> {};
        }
    }

    /** The {@code mqd_t}, which is a descriptor on Linux and can be polled. */
    @Override
    public int fd() {
        return descriptor.openFd();
    }

    @Override
    public int duplicateFd() {
        return descriptor.duplicate();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void unlink() {
        unlink(name);
    }

    /**
     * Lets go of this handle; waiting calls on it throw {@link dev.kith.Closed}. The queue stays.
     */
    @Override
    public void close() {
        notification.close();
        descriptor.close();
    }

    @Override
    public String toString() {
        return "queue " + name;
    }

    private QueueTransfer sending() {
        return access == Access.RECEIVE ? refuse("send") : transfer;
    }

    private QueueTransfer receiving() {
        return access == Access.SEND ? refuse("receive") : transfer;
    }

    private QueueTransfer refuse(String verb) {
        throw new UnsupportedOperationException(
                this + " was opened with Access." + access + ": it does not " + verb);
    }

    private static PriorityMessage<byte[]> copied(MemorySegment message, int priority) {
        return new PriorityMessage<>(priority, message.toArray(JAVA_BYTE), message.byteSize());
    }

    private Object writeReplace() {
        return new Travelling(name, access);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a queue travels as " + Travelling.class.getName());
    }

    /** A handle on its way to another process. */
    private record Travelling(String name, Access access) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return open(name, access);
        }
    }
}
