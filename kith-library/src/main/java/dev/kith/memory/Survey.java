// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Peer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be seen of a region without attaching to it.
 *
 * @param place where it is
 * @param header what it says of itself
 * @param alive the parties whose processes run
 * @param dead the parties who have ended without detaching
 * @param stale whether it is left over: there are dead parties, or somebody died while he removed
 *     it, and nobody lives who is attached. What all have let go of in peace is not: it was left on
 *     purpose, for the next who comes
 */
public record Survey(
        Place place, Header header, List<Party> alive, List<Party> dead, boolean stale) {
    /** Looks at a place; empty if there is nothing, or something else. */
    public static Optional<Survey> of(Place place) {
        if (!begins(place.path())) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined();
                Region region = Region.look(place, 0, arena)) {
            return Optional.of(region.guarded("read", () -> of(region)));
        } catch (IpcException deniedOrGoneOrDamaged) {
            return Optional.empty();
        }
    }

    /**
     * Removes what is at a place if it is stale still.
     *
     * @return whether it was removed
     */
    public static boolean sweep(Place place) {
        if (!begins(place.path())) {
            return false;
        }
        try (Arena arena = Arena.ofConfined();
                Region region = Region.look(place, 0, arena)) {
            return region.guarded("sweep", () -> of(region).stale && region.sweep());
        } catch (NotFound gone) {
            return false;
        }
    }

    /**
     * Who has made the file of that name in order to fill it and give it another, where files
     * without a name cannot be had; empty if it is no such name.
     */
    public static Optional<Peer> makerOf(Path file) {
        return TemporaryName.maker(file.getFileName().toString());
    }

    private static Survey of(Region region) {
        AttachTable table = region.table();
        List<Party> all = table.parties();
        List<Party> alive = all.stream().filter(table::isAlive).toList();
        List<Party> dead = all.stream().filter(each -> !alive.contains(each)).toList();
        boolean left = table.isAnyDead() || region.isRemoved();
        return new Survey(
                region.place(), region.header(), alive, dead, left && !table.isAnyAlive());
    }

    /** Whether it is a file that begins as a region does: others are not even mapped. */
    private static boolean begins(Path path) {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (SeekableByteChannel file =
                Files.newByteChannel(
                        path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (first.hasRemaining() && file.read(first) >= 0) {}
        } catch (IOException deniedOrGone) {
            return false;
        }
        return !first.hasRemaining()
                && Header.isOurs(
                        MemorySegment.ofBuffer(first.flip())
                                .get(JAVA_LONG.withByteAlignment(1), 0));
    }
}
