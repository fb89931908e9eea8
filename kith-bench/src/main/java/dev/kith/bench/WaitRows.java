// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static dev.kith.bench.Entrants.names;

import dev.kith.bench.Course.Idle;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The rows that compare ways to wait. */
final class WaitRows {
    private static final List<String> BLOCK = List.of("Kith BLOCK");
    private static final List<String> C_FUTEX = List.of("C futex");

    private final Field field;
    private final Entrants entrants;

    WaitRows(Field field) {
        this.field = field;
        this.entrants = new Entrants(field);
    }

    /** From before a message is sent to a receiver that sleeps until it has been read. */
    List<Row> wake() {
        CParty half = entrants.halfFutex();
        Row wake =
                new ContestRow(
                        "wake",
                        "wake to read, one way, after 2 ms",
                        field.withSample(Duration.ofMillis(300)),
                        Stream.concat(Stream.of(half), asleep(2000).stream()).toList(),
                        List.of(field.stream(64)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(
                                        Bar.p50(BLOCK, names(List.of(half)), 1.15, 0),
                                        Bar.p50(BLOCK, C_FUTEX, 1.15, 0)));
        return List.of(wake, new IdleRow(field));
    }

    /** The default way to wait against the best one for each case. */
    List<Row> hybrid() {
        List<Party> flows = List.of(entrants.waits(Idle.SPIN), entrants.waits(Idle.BLOCK));
        List<String> spin = List.of("Kith SPIN");
        return List.of(
                new ContestRow(
                        "hybrid",
                        "round trip",
                        field,
                        flows,
                        List.of(field.roundTrip(64)),
                        Unit.TIME,
                        (cell, distance) -> List.of(Bar.p50(BLOCK, spin, 1.2, 0))),
                new ContestRow(
                        "hybrid",
                        "stream",
                        field,
                        flows,
                        List.of(field.stream(64)),
                        Unit.MESSAGES,
                        (cell, distance) -> List.of(Bar.time(BLOCK, spin, 1.2, 0))),
                new ContestRow(
                        "hybrid",
                        "a message each ms, one way",
                        field.withSample(Duration.ofMillis(200)),
                        asleep(1000),
                        List.of(field.stream(64)),
                        Unit.TIME,
                        (cell, distance) ->
                                List.of(
                                        Bar.p50(BLOCK, List.of("Kith PARK"), 1.1, 0),
                                        Bar.p50(BLOCK, C_FUTEX, 1.1, 0))));
    }

    /** Those whose receiver has fallen asleep before each message. */
    private List<Party> asleep(int pauseMicros) {
        return List.of(
                entrants.cFutex(pauseMicros),
                entrants.waits(Idle.BLOCK).everyMicros(pauseMicros),
                entrants.waits(Idle.PARK).everyMicros(pauseMicros));
    }
}
