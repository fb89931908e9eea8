// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static dev.kith.bench.Entrants.AERON;
import static dev.kith.bench.Entrants.AGRONA;
import static dev.kith.bench.Entrants.C_LINE;
import static dev.kith.bench.Entrants.C_RING;
import static dev.kith.bench.Entrants.KITH;
import static dev.kith.bench.Entrants.TERM;
import static dev.kith.bench.Entrants.named;
import static dev.kith.bench.Entrants.names;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What {@code ring} measures, and what is asked of Kith there. */
final class Rows {
    /** In the order in which they are measured. */
    static final Map<String, Function<Field, List<Row>>> KNOWN = known();

    private static final int LEAST_FOR_A_MIB = 8 * Field.MIB;

    private final Field field;
    private final Entrants entrants;

    private Rows(Field field) {
        this.field = field;
        this.entrants = new Entrants(field);
    }

    /** The rows of that name. */
    static List<Row> of(String name, Field field) {
        Function<Field, List<Row>> rows = KNOWN.get(name);
        if (rows == null) {
            throw new IllegalArgumentException(
                    "--only: no row " + name + ": known are " + String.join(" ", KNOWN.keySet()));
        }
        return rows.apply(field);
    }

    private static Map<String, Function<Field, List<Row>>> known() {
        Map<String, Function<Field, List<Row>>> known = new LinkedHashMap<>();
        known.put("ping", field -> new Rows(field).ping());
        known.put("stream", field -> new Rows(field).stream());
        known.put("many", field -> List.of(new CrowdRows(field).many()));
        known.put("broadcast", field -> List.of(new CrowdRows(field).broadcast()));
        known.put("large", field -> new Rows(field).large());
        known.put("wake", field -> new WaitRows(field).wake());
        known.put("hybrid", field -> new WaitRows(field).hybrid());
        known.put("cost", field -> List.of(new CostRow(field)));
        known.put("bare", field -> new Rows(field).bare());
        return known;
    }

    private List<Row> ping() {
        List<Party> parties =
                List.of(
                        entrants.cLine(),
                        entrants.cRing(C_RING, Map.of()),
                        entrants.pair(KITH, Library.KITH, Field.SMALL, How.CLAIM),
                        entrants.pair(AGRONA, Library.AGRONA, Field.SMALL, How.CLAIM),
                        entrants.pair(AERON, Library.AERON, TERM, How.CLAIM));
        List<Cell> cells = IntStream.of(8, 48, 64).mapToObj(field::roundTrip).toList();
        return List.of(
                new ContestRow(
                        "ping", "round trip", field, parties, cells, Unit.TIME, Rows::pingBars));
    }

    private static List<Bar> pingBars(Cell cell, String distance) {
        List<String> kith = List.of(KITH);
        List<String> rivals = List.of(AGRONA, AERON);
        if (cell.bytes() <= 48) {
            boolean near = distance.equals("near");
            return List.of(
                    Bar.p50(kith, List.of(C_LINE), near ? 1.6 : 1.3, near ? 1.3 : 1.2),
                    Bar.p50(kith, rivals, 0.9, 0));
        }
        return List.of(
                Bar.p50(kith, rivals, 1, 0.9),
                new Bar(kith, rivals, "p99", Sample::p99, 1, 0.9),
                new Bar(kith, rivals, "p99.9", Sample::p999, 1, 0.9));
    }

    private List<Row> stream() {
        List<Integer> capacities =
                IntStream.of(Field.SMALL, Field.MIB, field.capacity()).distinct().boxed().toList();
        List<Party> parties = new ArrayList<>();
        for (int capacity : capacities) {
            parties.add(entrants.cRing(capacity));
            parties.add(entrants.sized(KITH, Library.KITH, capacity, How.OFFER));
        }
        String batch = named(KITH, field.capacity()) + " batch";
        parties.add(entrants.pair(batch, Library.KITH, field.capacity(), How.BATCH));
        List<Party> rivals = new ArrayList<>();
        for (int capacity : List.of(Field.SMALL, Field.MIB, TERM)) {
            rivals.add(entrants.sized(AGRONA, Library.AGRONA, capacity, How.CLAIM));
        }
        rivals.add(entrants.pair(AERON + " offer", Library.AERON, TERM, How.OFFER));
        rivals.add(entrants.pair(AERON + " claim", Library.AERON, TERM, How.CLAIM));
        parties.addAll(rivals);
        return List.of(
                new ContestRow(
                        "stream",
                        "stream",
                        field,
                        parties,
                        IntStream.of(32, 64, 256, 1024, 4096).mapToObj(field::stream).toList(),
                        Unit.MESSAGES,
                        (cell, distance) -> streamBars(capacities, names(rivals))));
    }

    private static List<Bar> streamBars(List<Integer> capacities, List<String> rivals) {
        List<Bar> bars = new ArrayList<>();
        for (int capacity : capacities) {
            bars.add(
                    Bar.time(
                            List.of(named(KITH, capacity)),
                            List.of(named(C_RING, capacity)),
                            1 / 0.85,
                            0));
        }
        List<String> kith = capacities.stream().map(capacity -> named(KITH, capacity)).toList();
        bars.add(Bar.time(kith, rivals, 1, 1 / 1.2));
        return bars;
    }

    private List<Row> large() {
        int capacity = Math.max(field.capacity(), LEAST_FOR_A_MIB);
        List<Integer> capacities =
                IntStream.of(LEAST_FOR_A_MIB, capacity).distinct().boxed().toList();
        List<Party> parties = new ArrayList<>();
        parties.add(entrants.memcpy());
        for (int each : capacities) {
            parties.add(entrants.cRing(each));
            parties.add(entrants.sized(KITH, Library.KITH, each, How.CLAIM));
        }
        parties.add(entrants.pair(AGRONA, Library.AGRONA, TERM, How.CLAIM));
        parties.add(entrants.pair(AERON, Library.AERON, TERM, How.OFFER));
        List<String> kith = capacities.stream().map(each -> named(KITH, each)).toList();
        List<String> cRings = capacities.stream().map(each -> named(C_RING, each)).toList();
        Row copies =
                new ContestRow(
                        "large",
                        "copied",
                        field,
                        parties,
                        List.of(field.stream(Field.MIB)),
                        Unit.BYTES,
                        (cell, distance) ->
                                List.of(
                                        Bar.time(kith, List.of("memcpy"), 1 / 0.9, 0),
                                        Bar.time(kith, cRings, 1 / 0.85, 0),
                                        Bar.time(kith, List.of(AGRONA, AERON), 1, 0)));
        Course edges = new Course(Library.KITH, Flavour.ONE_TO_ONE, capacity, Idle.SPIN, How.EDGES);
        Row claims =
                new ContestRow(
                        "large",
                        "claimed, round trip",
                        field,
                        List.of(
                                new JvmParty("64 KiB", edges, entrants.flags()).ofBytes(64 * 1024),
                                new JvmParty("1 MiB", edges, entrants.flags()).ofBytes(Field.MIB)),
                        List.of(field.roundTrip(Field.MIB)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(Bar.p50(List.of("1 MiB"), List.of("64 KiB"), 1.1, 0)));
        return List.of(copies, claims);
    }

    /** What native access is worth where nobody sleeps: no bar, but to be known. */
    private List<Row> bare() {
        Course course =
                new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.SMALL, Idle.SPIN, How.CLAIM);
        List<Party> parties =
                List.of(
                        new JvmParty(KITH + " with the flag", course, entrants.flags()),
                        new JvmParty(KITH + " bare", course, field.flags()));
        List<String> with = names(parties.subList(0, 1));
        List<String> without = names(parties.subList(1, 2));
        return List.of(
                new ContestRow(
                        "bare",
                        "round trip",
                        field,
                        parties,
                        List.of(field.roundTrip(64)),
                        Unit.TIME,
                        (cell, distance) -> List.of(Bar.p50(without, with, Bar.ANY, 0))),
                new ContestRow(
                        "bare",
                        "stream",
                        field,
                        parties,
                        List.of(field.stream(64)),
                        Unit.MESSAGES,
                        (cell, distance) -> List.of(Bar.time(without, with, Bar.ANY, 0))));
    }
}
