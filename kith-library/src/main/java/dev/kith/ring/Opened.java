// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.memory.Attachment;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import dev.kith.memory.Unnamed;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The region that one handle has opened, of a ring or a broadcast, and the ends opened by it. */
final class Opened implements AutoCloseable {
    private final Region region;

    /** Null if it has a name. */
    private final Unnamed unnamed;

    /** What closes the ends that are open. */
    private final Map<Attachment, Runnable> ends = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private Opened(Region region, Unnamed unnamed) {
        this.region = region;
        this.unnamed = unnamed;
    }

    /** Makes a handle of a region; the region is closed if that fails. */
    static <T> T of(Region region, Function<Opened, T> maker) {
        return made(new Opened(region, null), maker);
    }

    /** Makes a region without a name. */
    static <T> T anonymous(String name, Shape shape, Function<Opened, T> maker) {
        Unnamed unnamed = Unnamed.create(name, shape, _ -> {});
        try {
            return made(new Opened(unnamed.region(), unnamed), maker);
        } catch (RuntimeException | Error failed) {
            unnamed.close();
            throw failed;
        }
    }

    /** Takes over a region without a name; if it throws, the descriptor stays its owner's. */
    static <T> T received(int fd, int kind, Function<Opened, T> maker) {
        Unnamed unnamed = Unnamed.received(fd, kind);
        return made(new Opened(unnamed.region(), unnamed), maker);
    }

    Region region() {
        return region;
    }

    /** An end was opened; {@code close} is how. */
    void add(Attachment attachment, Runnable close) {
        ends.put(attachment, close);
        if (closed) { // who closes has not seen it
            close.run();
            throw new Closed(this + " is closed");
        }
    }

    /** An end lets go of its slot. */
    void detach(Attachment attachment) {
        try {
            attachment.close();
        } finally {
            ends.remove(attachment);
            letGo();
        }
    }

    /** As it was given: a name in /dev/shm, or a path; empty if it has none. */
    String name() {
        return Unnamed.name(region);
    }

    void unlink() {
        Unnamed.unlink(region);
    }

    /** What travels to another process. */
    Serializable travelling() throws NotSerializableException {
        int kind = region.header().shape().kind();
        return unnamed != null
                ? new Travelling.WithoutName(kind, unnamed.give())
                : new Travelling(kind, region.place() instanceof Place.Shm, name());
    }

    /** Closes the ends; who is last to let go of his, lets go of the region. */
    @Override
    public void close() {
        closed = true;
        try {
            ends.values().forEach(Runnable::run);
        } finally {
            letGo();
        }
    }

    @Override
    public String toString() {
        return region.toString();
    }

    /** An end that is closed in the middle of a call lets go later than the others. */
    private void letGo() {
        if (closed && ends.isEmpty()) {
            region.close();
            if (unnamed != null) {
                unnamed.close();
            }
        }
    }

    private static <T> T made(Opened opened, Function<Opened, T> maker) {
        try {
            return maker.apply(opened);
        } catch (RuntimeException | Error failed) {
            opened.region.close();
            throw failed;
        }
    }
}
