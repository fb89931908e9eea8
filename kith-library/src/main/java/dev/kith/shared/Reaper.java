// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.IpcException;
import dev.kith.Peer;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import dev.kith.memory.Survey;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds and removes what dead processes have left in shared memory.
 *
 * <pre>{@code
 * for (Leftover leftover : Reaper.find()) {
 *     Reaper.remove(leftover);
 * }
 * }</pre>
 *
 * <p>Left behind is what Kith has made, when at least one process ended without letting go of it
 * and none that runs is attached to it; or when the process that was making it ended half-way. What
 * all have closed is kept, as are the objects of other programs, of which nobody can tell whether
 * they are wanted. Who is alive is known by a lock that the kernel gives back at the end of a
 * process, so a process that has the number of a dead one by now keeps nothing.
 *
 * <p>Any thread and any process may call, several at once too. A process that attaches while its
 * region is being removed is told that there is none, and makes a new one: two that look for each
 * other under one name never end up in two places. Needs no native access, but without it a living
 * party of another pid namespace cannot be told from a dead one and counts as alive.
 */
public final class Reaper {
    private static final String UNFINISHED = "unfinished";

    private Reaper() {}

    /**
     * What is left over in /dev/shm, where {@code shm:} has its names.
     *
     * @return in the order of their names; without what this user may not open
     */
    public static List<Leftover> find() {
        return find(Place.Shm.DIRECTORY);
    }

    /**
     * What is left over in a directory, of {@code mmap:} say. Files are meant to survive all their
     * processes, so nobody looks there unasked: what is in them may still be wanted.
     *
     * @param directory where to look, not further down
     * @return in the order of their names; without what this user may not open
     */
    public static List<Leftover> find(Path directory) {
        List<Leftover> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                look(file.toAbsolutePath()).ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException none) {
            return List.of();
        }
        found.sort(Comparator.comparing(Leftover::path));
        return found;
    }

    /**
     * Looks at one file.
     *
     * @param file where
     * @return what is left over there; empty if it is in use, another program's, or not there
     */
    public static Optional<Leftover> look(Path file) {
        Place place = place(file);
        Optional<Peer> maker = Survey.makerOf(file);
        if (maker.isPresent()) {
            return maker.filter(peer -> !peer.isAlive())
                    .map(peer ->
                            new Leftover(
                                    place.toString(),
                                    file,
                                    UNFINISHED,
                                    file.toFile().length(),
                                    List.of(peer)));
        }
        return Survey.of(place)
                .filter(Survey::stale)
                .map(survey ->
                        new Leftover(
                                place.toString(),
                                file,
                                RegionKind.nameOf(survey.header().shape().kind()),
                                survey.header().shape().totalBytes(),
                                survey.dead().stream().map(Party::peer).toList()));
    }

    /**
     * Removes something, if it is left over still.
     *
     * @param leftover what was found
     * @return whether it was removed; false if somebody has attached to it, or it is gone
     * @throws dev.kith.Denied if this user may not
     */
    public static boolean remove(Leftover leftover) {
        if (Survey.makerOf(leftover.path()).isEmpty()) {
            return Survey.sweep(place(leftover.path()));
        }
        try {
            return look(leftover.path()).isPresent() && Files.deleteIfExists(leftover.path());
        } catch (IOException failed) {
            throw new IpcException("unlink(\"" + leftover.path() + "\"): " + failed, failed);
        }
    }

    private static Place place(Path file) {
        return Place.Shm.DIRECTORY.equals(file.getParent())
                ? Place.shm(file.getFileName().toString())
                : Place.file(file);
    }
}
