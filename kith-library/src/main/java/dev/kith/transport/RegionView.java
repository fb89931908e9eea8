// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import dev.kith.memory.Header;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Shape;
import dev.kith.memory.Survey;
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
 * @param details by name
 */
record RegionView(boolean stale, Map<String, String> details) {
    /** Looks at an object of shared memory, maybe of another program. */
    static RegionView of(String name) {
        Place place = Place.shm(name);
        Optional<Peer> maker = Survey.makerOf(place.path());
        if (maker.isPresent()) {
            boolean stale = !maker.get().isAlive();
            return new RegionView(stale, Map.of("being made by", maker.get().toString()));
        }
        return Survey.of(place)
                .map(RegionView::of)
                .orElseGet(() -> new RegionView(false, Map.of()));
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
        details.put("made by Kith", Header.kindName(shape.kind()));
        details.put("capacity", shape.capacity() + " bytes");
        details.put("longest message", shape.longest() + " bytes");
        details.put("slots", Integer.toString(shape.slots()));
        details.put("created", header.created() + " by " + header.creator());
        details.put("attached", text(survey.alive()));
        details.put("attached and dead", text(survey.dead()));
        return new RegionView(survey.stale(), details);
    }

    private static String text(List<Party> parties) {
        return parties.isEmpty()
                ? "-"
                : parties.stream().map(Party::toString).collect(Collectors.joining(", "));
    }
}
