// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What {@code ring} measures, and what is asked of Kith there. */
final class Rows {
    /** In the order in which they are measured. */
    static final Map<String, Function<Rows, List<Row>>> KNOWN = known();

    private static final String C_LINE = "c-line";
    private static final String C_RING = "C ring";
    private static final String KITH = "Kith";
    private static final String AGRONA = "Agrona";
    private static final String AERON = "Aeron";

    private static final int TERM = 16 * Field.MIB;
    private static final int LEAST_FOR_A_MIB = 8 * Field.MIB;

    private final Field field;

    private Rows(Field field) {
        this.field = field;
    }

    /** The rows of that name. */
    static List<Row> of(String name, Field field) {
        Function<Rows, List<Row>> rows = KNOWN.get(name);
        if (rows == null) {
            throw new IllegalArgumentException(
                    "--only: no row " + name + ": known are " + String.join(" ", KNOWN.keySet()));
        }
        return rows.apply(new Rows(field));
    }

    private static Map<String, Function<Rows, List<Row>>> known() {
        Map<String, Function<Rows, List<Row>>> known = new LinkedHashMap<>();
        known.put("ping", Rows::ping);
        known.put("stream", Rows::stream);
        known.put("many", Rows::many);
        known.put("broadcast", Rows::broadcast);
        known.put("large", Rows::large);
        known.put("wake", Rows::wake);
        known.put("hybrid", Rows::hybrid);
        known.put("cost", rows -> List.of(new CostRow(rows.field)));
        known.put("bare", Rows::bare);
        return known;
    }

    private List<Row> ping() {
        List<Party> parties =
                List.of(
                        new CParty(C_LINE, field.programs(), "spin", Map.of()),
                        new CParty(C_RING, field.programs(), "shm", Map.of()),
                        pair(KITH, Library.KITH, Field.SMALL, How.CLAIM),
                        pair(AGRONA, Library.AGRONA, Field.SMALL, How.CLAIM),
                        pair(AERON, Library.AERON, TERM, How.CLAIM));
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
            parties.add(cRing(capacity));
            parties.add(pair(named(KITH, capacity), Library.KITH, capacity, How.CLAIM));
        }
        String batch = named(KITH, field.capacity()) + " batch";
        parties.add(pair(batch, Library.KITH, field.capacity(), How.BATCH));
        List<Party> rivals = new ArrayList<>();
        for (int capacity : List.of(Field.SMALL, Field.MIB, TERM)) {
            rivals.add(pair(named(AGRONA, capacity), Library.AGRONA, capacity, How.CLAIM));
        }
        rivals.add(pair(AERON + " offer", Library.AERON, TERM, How.OFFER));
        rivals.add(pair(AERON + " claim", Library.AERON, TERM, How.CLAIM));
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

    /** Three processes on two processors: all yield, or sleep. */
    private List<Row> many() {
        Flavour flavour = Flavour.MANY_TO_ONE;
        List<JvmParty> kith =
                List.of(
                        jvms(KITH, Library.KITH, flavour, Field.SMALL, Idle.BLOCK, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, Field.MIB, Idle.YIELD, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, field.capacity(), Idle.YIELD, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, field.capacity(), Idle.BLOCK, How.CLAIM));
        List<JvmParty> rivals =
                List.of(
                        jvms(AGRONA, Library.AGRONA, flavour, Field.MIB, Idle.YIELD, How.CLAIM),
                        jvms(AGRONA, Library.AGRONA, flavour, TERM, Idle.YIELD, How.CLAIM),
                        jvms(AGRONA, Library.AGRONA, flavour, TERM, Idle.BLOCK, How.CLAIM),
                        jvms(AERON, Library.AERON, flavour, TERM, Idle.YIELD, How.CLAIM),
                        jvms(AERON, Library.AERON, flavour, TERM, Idle.BLOCK, How.CLAIM),
                        jvms(
                                AERON + " one log",
                                Library.AERON,
                                flavour,
                                TERM,
                                Idle.YIELD,
                                How.SHARED_CLAIM));
        return List.of(threeProcesses("many", "2 senders", kith, rivals, 2, 1));
    }

    private List<Row> broadcast() {
        Flavour flavour = Flavour.BROADCAST;
        List<JvmParty> kith =
                List.of(
                        jvms(KITH, Library.KITH, flavour, Field.SMALL, Idle.BLOCK, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, Field.MIB, Idle.YIELD, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, field.capacity(), Idle.YIELD, How.CLAIM),
                        jvms(KITH, Library.KITH, flavour, field.capacity(), Idle.BLOCK, How.CLAIM));
        List<JvmParty> rivals =
                List.of(
                        jvms(AERON, Library.AERON, flavour, TERM, Idle.YIELD, How.CLAIM),
                        jvms(AERON, Library.AERON, flavour, TERM, Idle.BLOCK, How.CLAIM));
        return List.of(threeProcesses("broadcast", "2 subscribers", kith, rivals, 1, 2));
    }

    private Row threeProcesses(
            String name,
            String what,
            List<JvmParty> kith,
            List<JvmParty> rivals,
            int sources,
            int sinks) {
        List<Party> parties =
                Stream.concat(kith.stream(), rivals.stream())
                        .distinct() // --capacity may be one of the others
                        .<Party>map(party -> party.between(sources, sinks))
                        .toList();
        return new ContestRow(
                name,
                what,
                field,
                parties,
                List.of(field.stream(64)),
                Unit.MESSAGES,
                (cell, distance) -> List.of(Bar.time(names(kith), names(rivals), 1, 1 / 1.1)));
    }

    private List<Row> large() {
        int capacity = Math.max(field.capacity(), LEAST_FOR_A_MIB);
        List<Integer> capacities =
                IntStream.of(LEAST_FOR_A_MIB, capacity).distinct().boxed().toList();
        List<Party> parties = new ArrayList<>();
        parties.add(new CParty("memcpy", field.programs(), "copy", Map.of()));
        for (int each : capacities) {
            parties.add(cRing(each));
            parties.add(pair(named(KITH, each), Library.KITH, each, How.CLAIM));
        }
        parties.add(pair(AGRONA, Library.AGRONA, TERM, How.CLAIM));
        parties.add(pair(AERON, Library.AERON, TERM, How.OFFER));
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
                                new JvmParty("64 KiB", edges, flags()).ofBytes(64 * 1024),
                                new JvmParty("1 MiB", edges, flags()).ofBytes(Field.MIB)),
                        List.of(field.roundTrip(Field.MIB)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(Bar.p50(List.of("1 MiB"), List.of("64 KiB"), 1.1, 0)));
        return List.of(copies, claims);
    }

    /** From before a message is sent to a receiver that sleeps until it has been read. */
    private List<Row> wake() {
        int pause = 2000;
        CParty half = new CParty("C futex / 2", field.programs(), "futex", Map.of(), 0, true);
        List<Party> parties =
                List.of(half, cFutex(pause), waits(Idle.BLOCK, pause), waits(Idle.PARK, pause));
        Row wake =
                new ContestRow(
                        "wake",
                        "wake to read, one way, after 2 ms",
                        field.withSample(Duration.ofMillis(300)),
                        parties,
                        List.of(field.stream(64)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(
                                        Bar.p50(
                                                List.of("Kith BLOCK"),
                                                List.of(half.name()),
                                                1.15,
                                                0),
                                        Bar.p50(
                                                List.of("Kith BLOCK"),
                                                List.of("C futex"),
                                                1.15,
                                                0)));
        return List.of(wake, new IdleRow(field));
    }

    /** The default way to wait against the best one for each case. */
    private List<Row> hybrid() {
        List<Party> flows =
                Stream.of(Idle.SPIN, Idle.BLOCK)
                        .<Party>map(idle ->
                                new JvmParty(
                                        KITH + " " + idle,
                                        new Course(
                                                Library.KITH,
                                                Flavour.ONE_TO_ONE,
                                                Field.SMALL,
                                                idle,
                                                How.CLAIM),
                                        flags()))
                        .toList();
        int pause = 1000;
        List<Party> pauses =
                List.of(cFutex(pause), waits(Idle.BLOCK, pause), waits(Idle.PARK, pause));
        List<String> block = List.of("Kith BLOCK");
        List<String> spin = List.of("Kith SPIN");
        return List.of(
                new ContestRow(
                        "hybrid",
                        "round trip",
                        field,
                        flows,
                        List.of(field.roundTrip(64)),
                        Unit.TIME,
                        (cell, distance) -> List.of(Bar.p50(block, spin, 1.2, 0))),
                new ContestRow(
                        "hybrid",
                        "stream",
                        field,
                        flows,
                        List.of(field.stream(64)),
                        Unit.MESSAGES,
                        (cell, distance) -> List.of(Bar.time(block, spin, 1.2, 0))),
                new ContestRow(
                        "hybrid",
                        "a message each ms, one way",
                        field.withSample(Duration.ofMillis(200)),
                        pauses,
                        List.of(field.stream(64)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(
                                        Bar.p50(block, List.of("Kith PARK"), 1.1, 0),
                                        Bar.p50(block, List.of("C futex"), 1.1, 0))));
    }

    /** What native access is worth where nobody sleeps: no bar, but to be known. */
    private List<Row> bare() {
        Course course =
                new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.SMALL, Idle.SPIN, How.CLAIM);
        List<Party> parties =
                List.of(
                        new JvmParty(KITH + " with the flag", course, flags()),
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

    private CParty cRing(int capacity) {
        Map<String, Integer> macros = Map.of("CAPACITY", capacity);
        return new CParty(named(C_RING, capacity), field.programs(), "shm", macros);
    }

    private CParty cFutex(int pauseMicros) {
        return new CParty("C futex", field.programs(), "futex", Map.of(), pauseMicros, false);
    }

    private JvmParty waits(Idle idle, int pauseMicros) {
        Course course = new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.SMALL, idle, How.CLAIM);
        return new JvmParty(KITH + " " + idle, course, flags()).everyMicros(pauseMicros);
    }

    private JvmParty pair(String name, Library library, int capacity, How how) {
        Course course = new Course(library, Flavour.ONE_TO_ONE, capacity, Idle.SPIN, how);
        return new JvmParty(name, course, flags());
    }

    private JvmParty jvms(
            String name, Library library, Flavour flavour, int capacity, Idle idle, How how) {
        String full = named(name, capacity) + " " + idle.name().toLowerCase(Locale.ROOT);
        return new JvmParty(full, new Course(library, flavour, capacity, idle, how), flags());
    }

    private List<String> flags() {
        return JvmParty.withNativeAccess(field.flags());
    }

    private static String named(String party, int capacity) {
        return party + " " + Field.size(capacity);
    }

    private static List<String> names(List<? extends Party> parties) {
        return parties.stream().map(Party::name).toList();
    }
}
