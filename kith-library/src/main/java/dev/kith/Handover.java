// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The side table of one serialisation, in which handles without a name put their descriptors.
 *
 * <p>A handle with a name travels by name. One without (a pipe, a socketpair) travels as an open
 * descriptor, which a byte stream cannot carry: while a task for a child, or a value for a Unix
 * socket, is being written, the handle's {@code writeReplace} {@linkplain #give gives} itself to
 * the current handover and writes only the index; while it is read on the other side, {@code
 * readResolve} {@linkplain #take takes} the descriptor of that index. Where no handover is bound,
 * the handle throws {@link NotSerializableException} with the cure ({@link #current}).
 *
 * <p>One thread at a time.
 */
public final class Handover {
    private static final ScopedValue<Handover> CURRENT = ScopedValue.newInstance();

    /** Where something is written: the handles whose descriptors go along. */
    private final List<HasFd> handles = new ArrayList<>();

    /** Where something is read: what arrived; -1 is taken. */
    private final List<Integer> descriptors = new ArrayList<>();

    /** What was made of them. */
    private final List<AutoCloseable> taken = new ArrayList<>();

    private final List<Runnable> afterDelivery = new ArrayList<>();

    private Handover() {}

    /**
     * A table for writing, empty.
     *
     * @return a new table
     */
    public static Handover forWriting() {
        return new Handover();
    }

    /**
     * A table for reading, with the descriptors that arrived.
     *
     * @param descriptors open descriptors of this process, in the order in which they were given
     * @return a new table; a handle that is made of a descriptor owns it
     */
    public static Handover forReading(List<Integer> descriptors) {
        Handover handover = new Handover();
        handover.descriptors.addAll(descriptors);
        return handover;
    }

    /**
     * The table of the serialisation that runs in this thread.
     *
     * @param handle what is being written, for the message
     * @return the table
     * @throws NotSerializableException if none is bound: the handle is being written to a place
     *     that no descriptor can reach
     */
    public static Handover current(String handle) throws NotSerializableException {
        if (!CURRENT.isBound()) {
            throw new Missing(
                    handle
                            + " has no name, so it travels only as a descriptor: capture it in a"
                            + " task for Worker.start or worker.run, or send it over a Unix"
                            + " socket");
        }
        return CURRENT.get();
    }

    /**
     * Whether something could not be written only because a handle was met where no table was
     * bound. Who can pass descriptors binds one then and writes again, so that values without
     * handles cost nothing more.
     *
     * @param thrown what a codec threw
     * @return true if {@link #current} was asked in vain
     */
    public static boolean isMissing(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof Missing) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs an operation with this table bound in the calling thread.
     *
     * @param <R> what the operation returns
     * @param <X> what it may throw
     * @param operation writes or reads an object graph
     * @return what the operation returns
     * @throws X what the operation throws
     */
    public <R, X extends Throwable> R during(ScopedValue.CallableOp<? extends R, X> operation)
            throws X {
        return ScopedValue.where(CURRENT, this).call(operation);
    }

    /**
     * Puts a handle into the table. Its descriptor is duplicated when the table is sent: one that
     * is given twice becomes two handles on the other side, each to be closed. Who writes a value
     * anew, for want of room say, takes a new table.
     *
     * @param handle what is being written; it stays open until it was delivered
     * @param delivered run when the other side has it, or never: closes this side's copy, say
     * @return the index to write instead of the handle
     */
    public int give(HasFd handle, Runnable delivered) {
        handles.add(handle);
        afterDelivery.add(delivered);
        return handles.size() - 1;
    }

    /**
     * Asks to be told when the other side has what was given; for handles that consist of several.
     *
     * @param delivered run then, or never
     */
    public void whenDelivered(Runnable delivered) {
        afterDelivery.add(delivered);
    }

    /**
     * Makes a handle of a descriptor of the table, which is the handle's from then on. If that
     * fails, the descriptor stays in the table.
     *
     * @param <H> the type of the handle
     * @param index what {@link #give} returned on the other side
     * @param maker gets the open descriptor
     * @return what the maker made
     */
    public <H extends AutoCloseable> H take(int index, IntFunction<? extends H> maker) {
        if (index < 0 || index >= descriptors.size() || descriptors.get(index) < 0) {
            throw new Broken(
                    "no descriptor arrived for this handle: index="
                            + index
                            + ", arrived="
                            + descriptors);
        }
        H made = maker.apply(descriptors.get(index));
        descriptors.set(index, -1);
        taken.add(made);
        return made;
    }

    /**
     * Closes the handles that were made: the value that they were in could not be read to its end,
     * and nobody has them.
     *
     * @param cause why, to which what goes wrong here is added
     */
    public void discard(Throwable cause) {
        for (AutoCloseable each : taken) {
            try {
                each.close();
            } catch (Exception failed) {
                cause.addSuppressed(failed);
            }
        }
        taken.clear();
    }

    /**
     * The handles that were given.
     *
     * @return handles in the order of their index
     */
    public List<HasFd> handles() {
        return List.copyOf(handles);
    }

    /**
     * The descriptors that arrived and that nobody has taken: whoever made the table closes them.
     *
     * @return descriptors in the order of their index
     */
    public List<Integer> descriptors() {
        return descriptors.stream().filter(fd -> fd >= 0).toList();
    }

    /** Says that the other side has the descriptors. */
    public void delivered() {
        afterDelivery.forEach(Runnable::run);
        afterDelivery.clear();
    }

    /** No table was bound. */
    private static final class Missing extends NotSerializableException {
        private static final long serialVersionUID = 1L;

        Missing(String message) {
            super(message);
        }
    }
}
