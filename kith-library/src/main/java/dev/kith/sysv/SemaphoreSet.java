// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.AlreadyExists;
import dev.kith.Denied;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.blocking.Deadline;
import dev.kith.kernel.SysSem;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;

/**
 * A System V set of semaphores, of which several can be changed in one step.
 *
 * <pre>{@code
 * try (var lock = SemaphoreSet.openOrCreate(Key.of(0x1234), 1)) {
 *     lock.undo(true); // if this process dies, the kernel gives the permit back
 *     lock.acquire();
 *     try {
 *         // one process at a time
 *     } finally {
 *         lock.release();
 *     }
 * }
 * }</pre>
 *
 * <p>Any threads and any processes may use it. Semaphores have no owner: anybody may release. With
 * {@link #undo(boolean)} the kernel takes back what a process did when it ends, however it ends;
 * not when a thread ends. That suits permits that are given back by who took them. Where one
 * process releases what another one acquires (a count of things to do), undo must be off, or the
 * end of either changes the count.
 *
 * <p>A set that is removed is gone for everybody: who waits on it wakes with {@link NotFound}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/semop.2.html">semop(2)</a>
 */
public final class SemaphoreSet implements Named, Serializable, AutoCloseable {
    /** The highest value of a semaphore on Linux: SEMVMX. */
    public static final int HIGHEST_VALUE = 32767;

    private static final long serialVersionUID = 1L;
    private static final int OWNER_ONLY = 0600;

    private final transient Identity identity;
    private final transient SemaphoreCalls calls;
    private transient volatile boolean undo;

    private SemaphoreSet(Identity identity) {
        this.identity = identity;
        this.calls = new SemaphoreCalls(identity);
    }

    /**
     * Makes a set with a key that is free, for this user only.
     *
     * @param values the first values, one a semaphore
     * @return the set; its {@link #key()} is for those who shall open it
     */
    public static SemaphoreSet create(int... values) {
        return new SemaphoreSet(SetOpening.createFree(values, OWNER_ONLY));
    }

    /**
     * Makes a set, for this user only.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @param values the first values, one a semaphore
     * @return the set
     * @throws AlreadyExists if the key is taken
     */
    public static SemaphoreSet create(Key key, int... values) {
        return create(key, values, OWNER_ONLY);
    }

    /**
     * Makes a set.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @param values the first values, one a semaphore
     * @param mode the permission bits, 0600 for this user only; write is to change values
     * @return the set
     * @throws AlreadyExists if the key is taken
     */
    public static SemaphoreSet create(Key key, int[] values, int mode) {
        return new SemaphoreSet(SetOpening.create(key, values, mode));
    }

    /**
     * Opens a set. If its creator is about to set the first values, waits for that, at most two
     * seconds.
     *
     * @param key its key
     * @return the set
     * @throws NotFound if there is none
     */
    public static SemaphoreSet open(Key key) {
        return new SemaphoreSet(SetOpening.open(key));
    }

    /**
     * Opens a set by its id, as ipcs(1) prints it: the only way to a private one.
     *
     * @param id what {@link #id()} says
     * @return the set
     * @throws NotFound if there is none
     */
    public static SemaphoreSet openId(int id) {
        return new SemaphoreSet(Identity.openId(Kind.SEMAPHORES, id));
    }

    /**
     * Opens a set, or makes it, for this user only, if there is none.
     *
     * @param key its key
     * @param values the first values if it is made, or if who made it died before it had set any
     * @return the set, which has at least so many semaphores
     */
    public static SemaphoreSet openOrCreate(Key key, int... values) {
        return openOrCreate(key, values, OWNER_ONLY);
    }

    /**
     * Opens a set, or makes it if there is none.
     *
     * @param key its key
     * @param values the first values if it is made, or if who made it died before it had set any
     * @param mode the permission bits if it is made
     * @return the set, which has at least so many semaphores
     */
    public static SemaphoreSet openOrCreate(Key key, int[] values, int mode) {
        return new SemaphoreSet(SetOpening.openOrCreate(key, values, mode));
    }

    /**
     * Takes a permit of the first semaphore; waits while its value is 0.
     *
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws NotFound if the set was removed
     */
    public void acquire() throws InterruptedException {
        acquire(0);
    }

    /**
     * Takes a permit of a semaphore; waits while its value is 0.
     *
     * @param index which one
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws NotFound if the set was removed
     */
    public void acquire(int index) throws InterruptedException {
        calls.perform(Deadline.FOREVER, new SemaphoreOperation(index, -1, undo));
    }

    /**
     * Takes a permit of a semaphore if there is one now.
     *
     * @param index which one
     * @return whether it was taken
     */
    public boolean tryAcquire(int index) {
        return now(new SemaphoreOperation(index, -1, undo));
    }

    /**
     * Takes a permit of a semaphore, waiting a limited time.
     *
     * @param index which one
     * @param timeout how long to wait at most
     * @return whether it was taken
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public boolean tryAcquire(int index, Duration timeout) throws InterruptedException {
        return calls.perform(Deadline.nanos(timeout), new SemaphoreOperation(index, -1, undo));
    }

    /** Gives a permit to the first semaphore. */
    public void release() {
        release(0);
    }

    /**
     * Gives a permit to a semaphore.
     *
     * @param index which one
     */
    public void release(int index) {
        now(new SemaphoreOperation(index, 1, undo));
    }

    /**
     * Waits until a semaphore is 0.
     *
     * @param index which one
     * @throws InterruptedException if the thread was interrupted
     * @throws NotFound if the set was removed
     */
    public void awaitZero(int index) throws InterruptedException {
        calls.perform(Deadline.FOREVER, SemaphoreOperation.awaitZero(index));
    }

    /**
     * Waits a limited time until a semaphore is 0.
     *
     * @param index which one
     * @param timeout how long to wait at most
     * @return whether it was 0 in time
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitZero(int index, Duration timeout) throws InterruptedException {
        return calls.perform(Deadline.nanos(timeout), SemaphoreOperation.awaitZero(index));
    }

    /**
     * Does several operations in one step, all or none; waits until all are possible.
     *
     * @param operations in the order in which they are tried
     * @throws InterruptedException if the thread was interrupted; nothing was done
     * @throws NotFound if the set was removed
     */
    public void perform(SemaphoreOperation... operations) throws InterruptedException {
        calls.perform(Deadline.FOREVER, checkOperations(operations));
    }

    /**
     * Does several operations in one step if all are possible now.
     *
     * @param operations in the order in which they are tried
     * @return whether they were done
     */
    public boolean tryPerform(SemaphoreOperation... operations) {
        return now(checkOperations(operations));
    }

    /**
     * Does several operations in one step, waiting a limited time until all are possible.
     *
     * @param timeout how long to wait at most
     * @param operations in the order in which they are tried
     * @return whether they were done
     * @throws InterruptedException if the thread was interrupted; nothing was done
     */
    public boolean tryPerform(Duration timeout, SemaphoreOperation... operations)
            throws InterruptedException {
        return calls.perform(Deadline.nanos(timeout), checkOperations(operations));
    }

    /**
     * Whether the kernel takes back what acquire and release of this handle did when this process
     * ends.
     *
     * @return false unless it was switched on
     */
    public boolean undo() {
        return undo;
    }

    /**
     * Says whether the kernel shall take back what acquire and release of this handle do from now
     * on when this process ends (SEM_UNDO).
     *
     * @param on true to take it back
     */
    public void undo(boolean on) {
        undo = on;
    }

    /**
     * The value of a semaphore.
     *
     * @param index which one
     * @return 0 to {@link #HIGHEST_VALUE}
     */
    public int value(int index) {
        return calls.ask(checkIndex(index), SysSem.GETVAL, "GETVAL");
    }

    /**
     * Sets the value of a semaphore, and clears what any process would undo on it.
     *
     * @param index which one
     * @param value 0 to {@link #HIGHEST_VALUE}
     */
    public void value(int index, int value) {
        calls.setValue(checkIndex(index), value);
    }

    /**
     * The values of all semaphores at one instant.
     *
     * @return as many as the set has
     */
    public int[] values() {
        return calls.values(size());
    }

    /**
     * Sets the values of all semaphores in one step.
     *
     * @param values as many as the set has
     */
    public void values(int... values) {
        int size = size();
        if (values.length != size) {
            throw new IllegalArgumentException(
                    "values=" + values.length + ", semaphores of " + identity + "=" + size);
        }
        calls.setValues(values);
    }

    /**
     * How many threads and processes wait for the value of a semaphore to rise.
     *
     * @param index which one
     * @return their number: GETNCNT
     */
    public int waitingForIncrease(int index) {
        return calls.ask(checkIndex(index), SysSem.GETNCNT, "GETNCNT");
    }

    /**
     * How many threads and processes wait for a semaphore to be 0.
     *
     * @param index which one
     * @return their number: GETZCNT
     */
    public int waitingForZero(int index) {
        return calls.ask(checkIndex(index), SysSem.GETZCNT, "GETZCNT");
    }

    /**
     * The process that last did something to a semaphore.
     *
     * @param index which one
     * @return its number; 0 if none did, or it is of another container
     */
    public long lastPid(int index) {
        return calls.ask(checkIndex(index), SysSem.GETPID, "GETPID");
    }

    /**
     * How many semaphores the set has.
     *
     * @return at least 1
     */
    public int size() {
        return stat().size();
    }

    /**
     * What the kernel says of the set.
     *
     * @return its state now
     * @throws Denied if this user may not read it
     */
    public SemaphoreStat stat() {
        return opened().stat(SemaphoreStat::read);
    }

    /**
     * Gives the set to another user and group.
     *
     * @param uid the user
     * @param gid the group
     * @throws Denied if this user is not its owner or creator
     */
    public void owner(long uid, long gid) {
        opened().owner(uid, gid);
    }

    /**
     * Changes who may look at values (read) and change them (write).
     *
     * @param mode the permission bits, for example 0660
     * @throws Denied if this user is not its owner or creator
     */
    public void mode(int mode) {
        opened().mode(mode);
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
     * @return the id: {@code semid}
     */
    public int id() {
        return identity.id();
    }

    /** The key as {@code 0x00001234}; of a private set {@code id=5}. */
    @Override
    public String name() {
        return identity.name();
    }

    /** Removes the set, for everybody: who waits on it wakes with {@link NotFound}. */
    @Override
    public void unlink() {
        identity.remove();
    }

    /**
     * Lets go of this handle; calls that wait on it throw {@link dev.kith.Closed}. The set stays.
     */
    @Override
    public void close() {
        calls.gate.close();
    }

    /** {@code sysvsem:0x00001234}. */
    @Override
    public String toString() {
        return identity.toString();
    }

    static int checkValue(int value) {
        if (value < 0 || value > HIGHEST_VALUE) {
            throw new IllegalArgumentException("value=" + value + ", highest=" + HIGHEST_VALUE);
        }
        return value;
    }

    private static int checkIndex(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("index=" + index + ", lowest=0");
        }
        return index;
    }

    private static SemaphoreOperation[] checkOperations(SemaphoreOperation... operations) {
        if (operations.length == 0) {
            throw new IllegalArgumentException("no operation given");
        }
        return operations;
    }

    private boolean now(SemaphoreOperation... operations) {
        return QueueCalls.now(() -> calls.perform(0, operations));
    }

    private Identity opened() {
        if (calls.gate.isClosed()) {
            throw calls.gate.closedException();
        }
        return identity;
    }

    private Object writeReplace() {
        return new Travelling(identity, undo);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a set travels as " + Travelling.class.getName());
    }

    /** A set on its way to another process. */
    private record Travelling(Identity identity, boolean undo) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            SemaphoreSet set = new SemaphoreSet(Identity.arrive(identity));
            set.undo(undo);
            return set;
        }
    }
}
