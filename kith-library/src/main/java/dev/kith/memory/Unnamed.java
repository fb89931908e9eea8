// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Broken;
import dev.kith.Handover;
import dev.kith.linux.Fd;
import dev.kith.linux.MemFd;
import dev.kith.linux.Seal;
import java.io.NotSerializableException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A region in memory without a name: a memfd that can neither shrink nor grow, so that nobody who
 * has it can take it away under the others.
 *
 * <p>It has two descriptors. That of the memfd is what is passed on, and what it was received by.
 * That of the region was opened anew by this process, and is passed to nobody: its locks are the
 * truth about who lives, and would outlive this process in whoever else had it.
 */
public record Unnamed(MemFd memory, Region region) implements AutoCloseable {
    private static final Set<Seal> SEALS = EnumSet.of(Seal.SHRINK, Seal.GROW);

    /**
     * Makes one, with its room reserved.
     *
     * @param name what /proc shows of it
     * @param prepare writes into it
     * @throws dev.kith.Denied without native access
     */
    public static Unnamed create(String name, Shape shape, Consumer<Region> prepare) {
        Place.checkUnnamed(name);
        MemFd memory = MemFd.create(name, shape.totalBytes());
        try {
            Region region = Region.create(Place.descriptor(memory.fd()), shape, prepare);
            Unnamed made = new Unnamed(memory, region);
            made.seal();
            return made;
        } catch (RuntimeException | Error failed) {
            memory.close();
            throw failed;
        }
    }

    /** Takes one over that another process has passed on; if it throws, the descriptor stays. */
    public static Unnamed received(int fd, int kind) {
        Region region = Region.open(Place.descriptor(fd), kind);
        try {
            MemFd memory = MemFd.own(Fd.own(fd));
            Unnamed received = new Unnamed(memory, region);
            received.check();
            return received;
        } catch (RuntimeException | Error failed) {
            region.close();
            throw failed;
        }
    }

    /** Puts it into the hand-over that runs; its index there. This side keeps its own. */
    public int give() throws NotSerializableException {
        return Handover.current(region.toString()).give(memory, () -> {});
    }

    /** By what a region is found: a name in /dev/shm, or a path; empty if by nothing. */
    public static String name(Region region) {
        return switch (region.place()) {
            case Place.Shm shm -> shm.name();
            case Place.File file -> file.path().toString();
            case Place.Descriptor _ -> "";
        };
    }

    /** Removes the name of a region; refuses one without. */
    public static void unlink(Region region) {
        if (!region.place().isNamed()) {
            throw new UnsupportedOperationException(
                    region + ": does not unlink: it has no name, and is gone with its last user");
        }
        region.unlink();
    }

    @Override
    public void close() {
        memory.close();
    }

    private void seal() {
        try {
            memory.seal(Seal.SHRINK, Seal.GROW, Seal.SEAL);
        } catch (RuntimeException | Error failed) {
            region.close();
            throw failed;
        }
    }

    private void check() {
        Set<Seal> found = memory.seals();
        if (!found.containsAll(SEALS)) {
            throw new Broken(
                    region
                            + ": seals: expected="
                            + SEALS
                            + ", found="
                            + found
                            + ": it could be cut");
        }
    }
}
