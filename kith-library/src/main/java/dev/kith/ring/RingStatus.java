// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.IpcException;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What can be seen of a ring or a {@link Broadcast} by somebody who takes no part in it and changes
 * nothing. Read while others go on: the numbers need not be of one moment.
 *
 * @param messages how many are in it: of a ring those that wait, of a broadcast those that are not
 *     overwritten, whoever has taken them
 * @param waiting how many wait for a consumer, or for the living subscriber that is furthest behind
 * @param lostClaims how many claims were skipped because their producers had died
 * @param subscriptions of a broadcast, who has joined, dead or alive
 */
public record RingStatus(
        long messages, long waiting, long lostClaims, List<Subscription> subscriptions) {
    /** Copies the list. */
    public RingStatus {
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * Looks at a file. Takes longer the more messages there are.
     *
     * @param file where: of shared memory the file in /dev/shm
     * @return what is seen; empty if there is no ring and no broadcast there, it is damaged, or
     *     this user may not open it
     */
    public static Optional<RingStatus> of(Path file) {
        try (Arena arena = Arena.ofConfined();
                Region region = Region.look(Place.file(file), 0, arena)) {
            return Optional.of(region.guarded("read", () -> of(region)));
        } catch (IpcException otherOrDeniedOrGone) {
            return Optional.empty();
        }
    }

    private static RingStatus of(Region region) {
        if (region.header().shape().kind() != BroadcastLayout.KIND) {
            RingMemory ring = SharedRing.memory(region);
            long messages = Peek.count(ring);
            return new RingStatus(messages, messages, ring.word(RingLayout.LOST), List.of());
        }
        BroadcastMemory broadcast = Broadcast.memory(region);
        List<Subscription> subscriptions = Broadcast.subscriptions(region, broadcast);
        long messages = BroadcastPeek.count(broadcast);
        long furthest =
                subscriptions.stream()
                        .filter(each -> each.peer().isAlive())
                        .mapToLong(Subscription::behind)
                        .max()
                        .orElse(0);
        // What was overwritten waits for nobody.
        return new RingStatus(
                messages,
                Math.min(furthest, messages),
                broadcast.word(RingLayout.LOST),
                subscriptions);
    }
}
