// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What {@code ring} measures, and what is asked of Kith there. */
final class Rows {
    /** In the order in which they are measured. */
    static final List<String> KNOWN = List.of("ping", "stream");

    private static final String C_LINE = "c-line";
    private static final String C_RING = "C ring";
    private static final String KITH = "Kith";
    private static final String AGRONA = "Agrona";
    private static final String AERON = "Aeron";

    private static final int TERM = 16 * Field.MIB;

    private final Field field;

    private Rows(Field field) {
        this.field = field;
    }

    static Row of(String name, Field field) {
        Rows rows = new Rows(field);
        return switch (name) {
            case "ping" -> rows.ping();
            case "stream" -> rows.stream();
            default ->
                    throw new IllegalArgumentException(
                            "--only: no row " + name + ": known are " + String.join(" ", KNOWN));
        };
    }

    private Row ping() {
        List<Party> parties =
                List.of(
                        new CParty(C_LINE, field.programs(), "spin", Map.of(), false),
                        new CParty(C_RING, field.programs(), "shm", Map.of(), true),
                        jvms(KITH, Library.KITH, Field.SMALL, How.CLAIM),
                        jvms(AGRONA, Library.AGRONA, Field.SMALL, How.CLAIM),
                        jvms(AERON, Library.AERON, TERM, How.CLAIM));
        List<Cell> cells = IntStream.of(8, 48, 64).mapToObj(field::roundTrip).toList();
        return new ContestRow(
                "ping", "round trip", field, parties, cells, Unit.TIME, Rows::pingBars);
    }

    private static List<Bar> pingBars(Cell cell, String distance) {
        List<String> kith = List.of(KITH);
        List<String> rivals = List.of(AGRONA, AERON);
        if (cell.bytes() <= 48) {
            boolean near = distance.equals("near");
            Bar line =
                    new Bar(
                            kith,
                            List.of(C_LINE),
                            "p50",
                            Sample::p50,
                            near ? 1.6 : 1.3,
                            near ? 1.3 : 1.2);
            return List.of(line, new Bar(kith, rivals, "p50", Sample::p50, 0.9, 0));
        }
        return List.of(
                new Bar(kith, rivals, "p50", Sample::p50, 1, 0.9),
                new Bar(kith, rivals, "p99", Sample::p99, 1, 0.9),
                new Bar(kith, rivals, "p99.9", Sample::p999, 1, 0.9));
    }

    private Row stream() {
        List<Integer> capacities = new ArrayList<>(List.of(Field.SMALL));
        if (field.capacity() != Field.SMALL) {
            capacities.add(field.capacity());
        }
        List<Party> parties = new ArrayList<>();
        for (int capacity : capacities) {
            parties.add(cRing(capacity));
            parties.add(jvms(named(KITH, capacity), Library.KITH, capacity, How.CLAIM));
        }
        parties.add(
                jvms(
                        named(KITH, field.capacity()) + " batch",
                        Library.KITH,
                        field.capacity(),
                        How.BATCH));
        List<String> rivals = new ArrayList<>();
        for (int capacity : List.of(Field.SMALL, Field.MIB, TERM)) {
            rivals.add(named(AGRONA, capacity));
            parties.add(jvms(named(AGRONA, capacity), Library.AGRONA, capacity, How.CLAIM));
        }
        for (How how : List.of(How.OFFER, How.CLAIM)) {
            String name = AERON + " " + how.name().toLowerCase(Locale.ROOT);
            rivals.add(name);
            parties.add(jvms(name, Library.AERON, TERM, how));
        }
        return new ContestRow(
                "stream",
                "stream",
                field,
                parties,
                IntStream.of(32, 64, 256, 1024, 4096).mapToObj(field::stream).toList(),
                Unit.MESSAGES,
                (cell, distance) -> streamBars(capacities, rivals));
    }

    private static List<Bar> streamBars(List<Integer> capacities, List<String> rivals) {
        List<Bar> bars = new ArrayList<>();
        for (int capacity : capacities) {
            bars.add(
                    new Bar(
                            List.of(named(KITH, capacity)),
                            List.of(named(C_RING, capacity)),
                            "time",
                            ContestRow::perMessage,
                            1 / 0.85,
                            0));
        }
        List<String> kith = capacities.stream().map(capacity -> named(KITH, capacity)).toList();
        bars.add(new Bar(kith, rivals, "time", ContestRow::perMessage, 1, 1 / 1.2));
        return bars;
    }

    private CParty cRing(int capacity) {
        return new CParty(
                named(C_RING, capacity),
                field.programs(),
                "shm",
                Map.of("CAPACITY", capacity),
                true);
    }

    private Party jvms(String name, Library library, int capacity, How how) {
        Course course = new Course(library, Flavour.ONE_TO_ONE, capacity, Idle.SPIN, how);
        return new JvmParty(name, course, field.flags());
    }

    private static String named(String party, int capacity) {
        return party + " " + Field.size(capacity);
    }
}
