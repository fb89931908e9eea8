// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Handover;
import dev.kith.Named;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.Unnamed;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * An object in shared memory that threads of many processes use, and that outlives the death of any
 * of them: what all of this package have in common.
 *
 * <p>It has a name in /dev/shm, or is a file, and then stays until it is {@linkplain #unlink()
 * unlinked}; or it is anonymous, in a memfd, and is gone with the last process that has it. It is
 * for this user alone (0600). 64 handles of one object can be open at once, in all processes.
 *
 * <p>A handle can be serialised: what is read on the other side is another handle of the same
 * object. One that has a name travels by it, anywhere on the machine; an anonymous one travels as a
 * descriptor, captured in a task for {@code Worker} or sent over a Unix socket, and elsewhere is
 * refused with a {@link NotSerializableException}.
 *
 * <p>Any thread may call any method. A call on a handle that is closed throws {@link
 * dev.kith.Closed} if it would wait.
 */
public abstract class SharedObject implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient Kind<?> kind;
    private final transient Region region;
    private final transient Optional<Unnamed> unnamed;
    private final transient Member member;

    /**
     * Joins those who use it.
     *
     * @param release takes from a slot what it holds when its party is gone, before the slot is
     *     another's
     */
    SharedObject(Opened opened, IntConsumer release) {
        this.kind = opened.kind();
        this.region = opened.region();
        this.unnamed = opened.unnamed();
        this.member = Member.join(region, kind.waits(region), release);
    }

    /**
     * By what other processes find it.
     *
     * @return the name in /dev/shm, or the path; empty if it is anonymous
     */
    @Override
    public final String name() {
        return Unnamed.name(region);
    }

    /**
     * Removes the name. Who has it open goes on using it.
     *
     * @throws dev.kith.NotFound if the name is gone already, or another object's by now
     * @throws UnsupportedOperationException if it is anonymous
     */
    @Override
    public final void unlink() {
        Unnamed.unlink(region);
    }

    /**
     * Who waits, in all processes.
     *
     * @return in the order in which they came
     */
    public List<LockWaiter> waiters() {
        return waiters(_ -> true);
    }

    /**
     * Lets go of this handle: calls that wait throw {@link dev.kith.Closed}. What threads of this
     * process hold by it is given up, as if the process had died. The object stays.
     */
    @Override
    public final void close() {
        region.close(this::settle);
        unnamed.ifPresent(Unnamed::close);
    }

    @Override
    public final String toString() {
        return kind.region() + " " + region;
    }

    final Region region() {
        return region;
    }

    final Member member() {
        return member;
    }

    /** How it was made, in words: two that are alike say the same. */
    abstract String parameters();

    /**
     * Ends what threads of this process do in the object, when it is closed and before others take
     * what it holds for that of one who has left: waits for locks that calls take for a moment.
     */
    void settle() {}

    /** What else it takes to make a handle of it, a codec say; empty text if nothing. */
    Object luggage() {
        return "";
    }

    /** Those who wait for one of some things. */
    final List<LockWaiter> waiters(Predicate<WaitTable.Waiting> of) {
        return member.waits().waiting().stream()
                .filter(of)
                .flatMap(each ->
                        member
                                .peer(each.slot())
                                .map(peer ->
                                        new LockWaiter(
                                                peer, each.thread(), each.name(), each.since()))
                                .stream())
                .toList();
    }

    /** For the classes of this package, which inherit it. */
    final Object writeReplace() throws NotSerializableException {
        return unnamed.isPresent()
                ? new TravellingUnnamed(kind.number(), luggage(), unnamed.get().give())
                : new Travelling(
                        kind.number(), luggage(), region.place() instanceof Place.Shm, name());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("it travels by its name, or by its descriptor");
    }

    private void readObjectNoData() throws InvalidObjectException {
        throw new InvalidObjectException("it travels by its name, or by its descriptor");
    }

    /** One that has a name, on its way to another process. */
    private record Travelling(int kind, Object luggage, boolean inMemory, String name)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return Kind.numbered(kind, luggage)
                    .open(inMemory ? Place.shm(name) : Place.file(Path.of(name)));
        }
    }

    /** One without a name, on its way to another process. */
    private record TravellingUnnamed(int kind, Object luggage, int index) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            Kind<?> what = Kind.numbered(kind, luggage);
            return Handover.current(what.region().toString()).take(index, what::received);
        }
    }
}
