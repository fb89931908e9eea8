// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * A double for threads of any process, used as {@link java.util.concurrent.atomic.AtomicLong} is:
 * each method is one step that no other thread sees half of, and takes no lock.
 *
 * <pre>{@code
 * try (SharedDouble best = SharedDouble.openOrCreate("best", Double.MAX_VALUE)) {
 *     best.accumulateAndGet(mine, Math::min);
 * }
 * }</pre>
 *
 * <p>Where values are compared, their bits are: a NaN equals itself, and 0.0 is not -0.0. What adds
 * computes and tries again until nobody was faster, as {@link #getAndUpdate} does.
 *
 * <p>A process may be killed anywhere: a step was taken or was not, and nobody has to wait for the
 * dead. Memory effects are those of volatile: what a thread did before it set the value, a thread
 * sees that got it; {@link #getAcquire} and {@link #setRelease} promise that alone, which costs
 * less.
 *
 * <p>9 KiB. For C, Python and others: the value is the {@code double}, in the byte order of the
 * machine, at byte 8704 of the file, and the eight bytes at 32 say so; they may read and write it,
 * and add to it by the atomic instructions of the processor.
 */
public final class SharedDouble extends SharedObject {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedDouble> KIND = new Kind<>(RegionKind.VALUE, 0, SharedDouble::new);

    private static final VarHandle VALUE = JAVA_DOUBLE.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedDouble(Opened opened) {
        Primitive.DOUBLE.checkValue(opened);
        super(opened, _ -> {});
        this.memory = region().segment();
        this.at = opened.shape().dataOffset();
    }

    /**
     * Makes a value in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param initial what it is at first
     * @return the value
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedDouble create(String name, double initial) {
        return KIND.create(Place.shm(name), plan(initial));
    }

    /**
     * Makes a value in a file.
     *
     * @param path where; nothing may be there yet
     * @param initial what it is at first
     * @return the value
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedDouble create(Path path, double initial) {
        return KIND.create(Place.file(path), plan(initial));
    }

    /**
     * Makes a value without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param initial what it is at first
     * @return the value; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedDouble anonymous(double initial) {
        return KIND.anonymous(plan(initial));
    }

    /**
     * Opens a value in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the value
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedDouble open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a value in a file.
     *
     * @param path where it is
     * @return the value
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedDouble open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a value in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param initial what it is at first
     * @return the value
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedDouble openOrCreate(String name, double initial) {
        return KIND.openOrCreate(Place.shm(name), plan(initial));
    }

    /**
     * Opens a value in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param initial what it is at first
     * @return the value
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedDouble openOrCreate(Path path, double initial) {
        return KIND.openOrCreate(Place.file(path), plan(initial));
    }

    /**
     * What it is now.
     *
     * @return the value
     * @throws Broken if another process has cut the file off
     */
    public double get() {
        try {
            return (double) VALUE.getVolatile(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes it another value.
     *
     * @param value the new one
     * @throws Broken if another process has cut the file off
     */
    public void set(double value) {
        try {
            VALUE.setVolatile(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * What it is now, with the memory effect of acquire: what was done before the {@link
     * #setRelease} or {@link #set} that is seen here, is seen after.
     *
     * @return the value
     * @throws Broken if another process has cut the file off
     */
    public double getAcquire() {
        try {
            return (double) VALUE.getAcquire(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes it another value, with the memory effect of release: who gets it by {@link #getAcquire}
     * or {@link #get} sees all that was done before.
     *
     * @param value the new one
     * @throws Broken if another process has cut the file off
     */
    public void setRelease(double value) {
        try {
            VALUE.setRelease(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * Makes it another value if it is the expected one.
     *
     * @param expected what it must be
     * @param value the new one
     * @return whether it was, and is the new one now
     */
    public boolean compareAndSet(double expected, double value) {
        return VALUE.compareAndSet(memory, at, expected, value);
    }

    /**
     * Makes it another value if it is the expected one.
     *
     * @param expected what it must be
     * @param value the new one
     * @return what it was: the expected value if it is the new one now
     */
    public double compareAndExchange(double expected, double value) {
        return (double) VALUE.compareAndExchange(memory, at, expected, value);
    }

    /**
     * Makes it another value.
     *
     * @param value the new one
     * @return what it was
     */
    public double getAndSet(double value) {
        return getAndUpdate(_ -> value);
    }

    /**
     * Adds.
     *
     * @param delta how much
     * @return what it was
     */
    public double getAndAdd(double delta) {
        return getAndUpdate(now -> now + delta);
    }

    /**
     * Adds.
     *
     * @param delta how much
     * @return what it is then
     */
    public double addAndGet(double delta) {
        return updateAndGet(now -> now + delta);
    }

    /**
     * Makes of it what a function says. The function is called again if another thread was faster,
     * so it should do nothing else.
     *
     * @param update what becomes of a value
     * @return what it was
     */
    public double getAndUpdate(DoubleUnaryOperator update) {
        for (; ; ) {
            double now = get();
            double next = update.applyAsDouble(now);
            if (compareAndSet(now, next)) {
                return now;
            }
        }
    }

    /**
     * Makes of it what a function says. The function is called again if another thread was faster,
     * so it should do nothing else.
     *
     * @param update what becomes of a value
     * @return what it is then
     */
    public double updateAndGet(DoubleUnaryOperator update) {
        for (; ; ) {
            double now = get();
            double next = update.applyAsDouble(now);
            if (compareAndSet(now, next)) {
                return next;
            }
        }
    }

    /**
     * Makes of it what a function of it and an operand says. The function is called again if
     * another thread was faster, so it should do nothing else.
     *
     * @param operand the second argument of the function
     * @param accumulate what becomes of a value and the operand
     * @return what it was
     */
    public double getAndAccumulate(double operand, DoubleBinaryOperator accumulate) {
        return getAndUpdate(now -> accumulate.applyAsDouble(now, operand));
    }

    /**
     * Makes of it what a function of it and an operand says. The function is called again if
     * another thread was faster, so it should do nothing else.
     *
     * @param operand the second argument of the function
     * @param accumulate what becomes of a value and the operand
     * @return what it is then
     */
    public double accumulateAndGet(double operand, DoubleBinaryOperator accumulate) {
        return updateAndGet(now -> accumulate.applyAsDouble(now, operand));
    }

    @Override
    String parameters() {
        return Primitive.DOUBLE.toString();
    }

    private static Plan plan(double initial) {
        return Primitive.DOUBLE.value((memory, at) -> VALUE.setRelease(memory, at, initial));
    }
}
