// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.Message;
import dev.kith.Named;
import dev.kith.blocking.Deadline;
import dev.kith.kernel.SysMsg;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A System V message queue: messages with a type, from which a receiver chooses.
 *
 * <pre>{@code
 * try (var queue = MessageQueue.create(Key.of(0x1234))) {
 *     queue.send(2, "later".getBytes());
 *     queue.send(1, "urgent".getBytes());
 *     queue.receive(Types.upTo(9)); // urgent
 *     queue.unlink();
 * }
 * }</pre>
 *
 * <p>Any threads and any processes may send and receive; each message goes to one of them, whole. A
 * message that was sent stays until it is received or the queue is removed, whoever dies. A queue
 * that is removed is gone for everybody: who waits on it wakes with {@link dev.kith.NotFound}.
 *
 * <p>How many bytes a message may have says /proc/sys/kernel/msgmax (8192 by default); how many a
 * queue may hold, its {@link #capacityBytes()}, at first /proc/sys/kernel/msgmnb (16384).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/msgop.2.html">msgop(2)</a>
 */
public final class MessageQueue implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final int OWNER_ONLY = 0600;

    private final transient Identity identity;
    private final transient QueueCalls calls;

    private MessageQueue(Identity identity) {
        this.identity = identity;
        this.calls = new QueueCalls(identity);
    }

    /**
     * Makes a queue with a key that is free, for this user only.
     *
     * @return the queue; its {@link #key()} is for those who shall open it
     */
    public static MessageQueue create() {
        return new MessageQueue(Identity.createFree(Kind.QUEUE, "", OWNER_ONLY, SysMsg::msgget));
    }

    /**
     * Makes a queue, for this user only.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @return the queue
     * @throws dev.kith.AlreadyExists if the key is taken
     */
    public static MessageQueue create(Key key) {
        return create(key, OWNER_ONLY);
    }

    /**
     * Makes a queue.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @param mode the permission bits, 0600 for this user only; the umask does not apply
     * @return the queue
     * @throws dev.kith.AlreadyExists if the key is taken
     */
    public static MessageQueue create(Key key, int mode) {
        return new MessageQueue(Identity.create(Kind.QUEUE, key, "", mode, SysMsg::msgget));
    }

    /**
     * Opens a queue.
     *
     * @param key its key
     * @return the queue
     * @throws dev.kith.NotFound if there is none
     */
    public static MessageQueue open(Key key) {
        return new MessageQueue(Identity.open(Kind.QUEUE, key, "", SysMsg::msgget));
    }

    /**
     * Opens a queue by its id, as ipcs(1) prints it: the only way to a private one.
     *
     * @param id what {@link #id()} says
     * @return the queue
     * @throws dev.kith.NotFound if there is none
     */
    public static MessageQueue openId(int id) {
        return new MessageQueue(Identity.openId(Kind.QUEUE, id));
    }

    /**
     * Opens a queue, or makes it, for this user only, if there is none.
     *
     * @param key its key
     * @return the queue
     */
    public static MessageQueue openOrCreate(Key key) {
        return openOrCreate(key, OWNER_ONLY);
    }

    /**
     * Opens a queue, or makes it if there is none.
     *
     * @param key its key
     * @param mode the permission bits if it is made
     * @return the queue
     */
    public static MessageQueue openOrCreate(Key key, int mode) {
        return new MessageQueue(Identity.openOrCreate(Kind.QUEUE, key, "", mode, SysMsg::msgget));
    }

    /**
     * Sends a message; waits while there is no room.
     *
     * @param type at least 1
     * @param message may be empty
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.NotFound if the queue was removed
     * @throws dev.kith.IpcException if the message is longer than {@link #maxMessageBytes()}
     */
    public void send(long type, byte[] message) throws InterruptedException {
        send(type, message, Deadline.FOREVER);
    }

    /**
     * Sends a message if there is room now.
     *
     * @param type at least 1
     * @param message may be empty
     * @return whether it was sent
     */
    public boolean trySend(long type, byte[] message) {
        return QueueCalls.now(() -> send(type, message, 0));
    }

    /**
     * Sends a message, waiting a limited time for room.
     *
     * @param type at least 1
     * @param message may be empty
     * @param timeout how long to wait at most
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public boolean trySend(long type, byte[] message, Duration timeout)
            throws InterruptedException {
        return send(type, message, Deadline.nanos(timeout));
    }

    /**
     * Takes the oldest message; waits until there is one.
     *
     * @return the message
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.NotFound if the queue was removed
     */
    public Message<byte[]> receive() throws InterruptedException {
        return receive(Types.any());
    }

    /**
     * Takes a message of certain types; waits until there is one.
     *
     * @param which the types
     * @return the message
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.NotFound if the queue was removed
     */
    public Message<byte[]> receive(Types which) throws InterruptedException {
        return receive(which, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Takes a message of certain types if there is one now.
     *
     * @param which the types
     * @return the message, or empty if there is none now
     */
    public Optional<Message<byte[]>> tryReceive(Types which) {
        return QueueCalls.now(() -> receive(which, 0));
    }

    /**
     * Takes a message of certain types, waiting a limited time.
     *
     * @param which the types
     * @param timeout how long to wait at most
     * @return the message, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public Optional<Message<byte[]>> tryReceive(Types which, Duration timeout)
            throws InterruptedException {
        return receive(which, Deadline.nanos(timeout));
    }

    /**
     * Takes the beginning of a message and drops the rest (MSG_NOERROR), waiting a limited time.
     *
     * @param which the types
     * @param mostBytes what is beyond is lost
     * @param timeout how long to wait at most
     * @return the message, cut; or empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public Optional<Message<byte[]>> tryReceiveCut(Types which, int mostBytes, Duration timeout)
            throws InterruptedException {
        return receiveCut(which, mostBytes, Deadline.nanos(timeout));
    }

    /**
     * Takes the beginning of a message and drops the rest (MSG_NOERROR); waits until there is one.
     *
     * @param which the types
     * @param mostBytes what is beyond is lost
     * @return the message, cut
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public Message<byte[]> receiveCut(Types which, int mostBytes) throws InterruptedException {
        return receiveCut(which, mostBytes, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Waits until there is a message, and leaves it in the queue, where others may take it.
     *
     * <p>It looks again and again, every 10 milliseconds at the longest: the kernel has no way to
     * wait for a message that does not take it.
     *
     * @param which the types
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.NotFound if the queue was removed
     * @throws UnsupportedOperationException as for {@link #hasMessage}
     */
    public void awaitMessage(Types which) throws InterruptedException {
        calls.awaitMessage(() -> hasMessage(which), Deadline.FOREVER);
    }

    /**
     * Waits a limited time until there is a message, and leaves it in the queue; as {@link
     * #awaitMessage(Types)} otherwise.
     *
     * @param which the types
     * @param timeout how long to wait at most
     * @return whether there is one
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitMessage(Types which, Duration timeout) throws InterruptedException {
        return calls.awaitMessage(() -> hasMessage(which), Deadline.nanos(timeout));
    }

    /**
     * The messages that wait, oldest first, without taking them (MSG_COPY). Others may take and
     * send meanwhile, so a message may be missed or seen twice.
     *
     * @param which the types
     * @param most how many at the most
     * @return the messages
     * @throws UnsupportedOperationException if the kernel was built without
     *     CONFIG_CHECKPOINT_RESTORE
     */
    public List<Message<byte[]>> peek(Types which, int most) {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (MessageBuffer buffer = calls.buffers.lend()) {
            for (int i = 0; messages.size() < most && calls.peek(i, buffer); i++) {
                if (which.contains(buffer.type())) {
                    messages.add(message(buffer));
                }
            }
        }
        return messages;
    }

    /**
     * Whether a message of certain types waits now, without taking it.
     *
     * @param which the types
     * @return true if a receive would not wait
     * @throws UnsupportedOperationException if not all types are asked for, and the kernel was
     *     built without CONFIG_CHECKPOINT_RESTORE
     */
    public boolean hasMessage(Types which) {
        long messages = stat().messages();
        return messages > 0 && (which == Types.any() || !peek(which, 1).isEmpty());
    }

    /**
     * Borrows memory for one message, to send and receive it without a copy in Java.
     *
     * @return a buffer; close it
     */
    public MessageBuffer buffer() {
        return calls.buffers.lend();
    }

    /**
     * What the kernel says of the queue.
     *
     * @return its state now
     * @throws dev.kith.Denied if this user may not read from it
     */
    public QueueStat stat() {
        return open().stat(QueueStat::read);
    }

    /**
     * The length of the longest message that it takes now: the smaller one of
     * /proc/sys/kernel/msgmax and {@link #capacityBytes()}.
     *
     * @return bytes
     */
    public long maxMessageBytes() {
        return calls.maxMessageBytes();
    }

    /**
     * How many bytes its messages may have together.
     *
     * @return bytes: {@code msg_qbytes}
     */
    public long capacityBytes() {
        return stat().capacityBytes();
    }

    /**
     * Changes how many bytes its messages may have together.
     *
     * @param bytes above /proc/sys/kernel/msgmnb only with CAP_SYS_RESOURCE
     * @throws dev.kith.Denied if this user may not
     */
    public void capacityBytes(long bytes) {
        open();
        calls.capacityBytes(bytes);
    }

    /**
     * Gives the queue to another user and group.
     *
     * @param uid the user
     * @param gid the group
     * @throws dev.kith.Denied if this user is not its owner or creator
     */
    public void owner(long uid, long gid) {
        open().owner(uid, gid);
    }

    /**
     * Changes who may send (write) and receive (read).
     *
     * @param mode the permission bits, for example 0620
     * @throws dev.kith.Denied if this user is not its owner or creator
     */
    public void mode(int mode) {
        open().mode(mode);
    }

    /**
     * The key.
     *
     * @return the key, or {@link Key#PRIVATE}
     */
    public Key key() {
        return identity.key();
    }

    /**
     * The number that the kernel gave it.
     *
     * @return the id: {@code msqid}
     */
    public int id() {
        return identity.id();
    }

    /** The key as {@code 0x00001234}; of a private queue {@code id=5}. */
    @Override
    public String name() {
        return identity.name();
    }

    /**
     * Removes the queue and the messages in it, for everybody: who waits on it wakes with NotFound.
     */
    @Override
    public void unlink() {
        identity.remove();
    }

    /**
     * Lets go of this handle; calls that wait on it throw {@link dev.kith.Closed}. The queue stays.
     */
    @Override
    public void close() {
        calls.gate.close();
    }

    /** {@code sysvmq:0x00001234}. */
    @Override
    public String toString() {
        return identity.toString();
    }

    private Identity open() {
        if (calls.gate.isClosed()) {
            throw calls.gate.closedException();
        }
        return identity;
    }

    private boolean send(long type, byte[] message, long timeoutNanos) throws InterruptedException {
        try (MessageBuffer buffer = calls.buffers.lend()) {
            buffer.type(type);
            if (message.length > buffer.room().byteSize()) {
                buffer.grow(message.length);
            }
            MemorySegment.copy(message, 0, buffer.room(), ValueLayout.JAVA_BYTE, 0, message.length);
            buffer.lengthBytes(message.length);
            return calls.send(buffer, timeoutNanos);
        }
    }

    private Optional<Message<byte[]>> receive(Types which, long timeoutNanos)
            throws InterruptedException {
        try (MessageBuffer buffer = calls.buffers.lend()) {
            return calls.receive(which, buffer, timeoutNanos)
                    ? Optional.of(message(buffer))
                    : Optional.empty();
        }
    }

    private Optional<Message<byte[]>> receiveCut(Types which, int mostBytes, long timeoutNanos)
            throws InterruptedException {
        if (mostBytes < 0) {
            throw new IllegalArgumentException("mostBytes=" + mostBytes + ", lowest=0");
        }
        try (MessageBuffer buffer = calls.buffers.lend()) {
            boolean got = calls.receiveCut(which, buffer, mostBytes, timeoutNanos);
            return got ? Optional.of(message(buffer)) : Optional.empty();
        }
    }

    private static Message<byte[]> message(MessageBuffer buffer) {
        byte[] bytes = buffer.text().toArray(ValueLayout.JAVA_BYTE);
        return new TypedMessage<>(buffer.type(), bytes, bytes.length);
    }

    private Object writeReplace() {
        return new Travelling(identity);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a queue travels as " + Travelling.class.getName());
    }

    /** A queue on its way to another process. */
    private record Travelling(Identity identity) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return new MessageQueue(Identity.arrive(identity));
        }
    }
}
