// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import dev.kith.memory.Header;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import dev.kith.memory.Shape;
import dev.kith.memory.Survey;
import dev.kith.ring.RingStatus;
import dev.kith.ring.Subscription;
import dev.kith.shared.Reaper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a listing shows of a file that Kith has made in shared memory; nothing of other files.
 *
 * @param stale whether dead processes have left it
 * @param depth how many messages wait in it; -1 if it holds none, or cannot be read
 * @param details by name
 */
record RegionView(boolean stale, long depth, Map<String, String> details) {
    /** Looks at an object of shared memory, maybe of another program. */
    static RegionView of(String name) {
        Place place = Place.shm(name);
        Optional<Peer> maker = Survey.makerOf(place.path());
        if (maker.isPresent()) {
            boolean stale = !maker.get().isAlive();
            return new RegionView(stale, -1, Map.of("being made by", maker.get().toString()));
        }
        return Survey.of(place)
                .map(RegionView::of)
                .orElseGet(() -> new RegionView(false, -1, Map.of()));
    }

    /** Looks at a file; empty if it is none of ours. */
    static Optional<RegionView> of(Path file) {
        return Survey.of(Place.file(file)).map(RegionView::of);
    }

    /** Removes an object of shared memory if it is stale still. */
    static boolean sweep(String name) {
        return Reaper.look(Place.shm(name).path()).filter(Reaper::remove).isPresent();
    }

    private static RegionView of(Survey survey) {
        Header header = survey.header();
        Shape shape = header.shape();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("made by Kith", RegionKind.nameOf(shape.kind()));
        details.put("capacity", shape.capacity() + " bytes");
        details.put("longest message", shape.longest() + " bytes");
        details.put("slots", Integer.toString(shape.slots()));
        details.put("created", header.created() + " by " + header.creator());
        details.put("attached", text(survey.alive()));
        details.put("attached and dead", text(survey.dead()));
        Optional<RingStatus> status = RingStatus.of(survey.place().path());
        status.ifPresent(ring -> describe(ring, shape.kind(), details));
        return new RegionView(survey.stale(), status.map(RingStatus::waiting).orElse(-1L), details);
    }

    private static void describe(RingStatus ring, int kind, Map<String, String> details) {
        details.put("claims lost", Long.toString(ring.lostClaims()));
        if (kind == RegionKind.BROADCAST.number()) {
            details.put("messages kept", Long.toString(ring.messages()));
        }
        int number = 0;
        for (Subscription each : ring.subscriptions()) {
            details.put("subscriber " + ++number, text(each));
        }
    }

    private static String text(Subscription each) {
        return each.peer()
                + (each.peer().isAlive() ? "" : " (dead)")
                + ": policy="
                + RingOptions.text(each.policy())
                + ", taken="
                + each.taken()
                + ", lost="
                + each.lost()
                + ", behind="
                + each.behind();
    }

    private static String text(List<Party> parties) {
        return parties.isEmpty()
                ? "-"
                : parties.stream().map(Party::toString).collect(Collectors.joining(", "));
    }
}
