// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A C program as one party of several.
 *
 * @param name what the report calls it
 * @param program the source without {@code .c}
 * @param macros that it is compiled with
 * @param pauseMicros before each message of a stream, each of which is timed then
 * @param halves whether it makes round trips whatever the cell says, and half of one counts
 */
record CParty(
        String name,
        Programs programs,
        String program,
        Map<String, Integer> macros,
        int pauseMicros,
        boolean halves)
        implements Party {
    CParty(String name, Programs programs, String program, Map<String, Integer> macros) {
        this(name, programs, program, macros, 0, false);
    }

    @Override
    public boolean takesPartIn(Cell cell) {
        return true;
    }

    @Override
    public Pair start(Cell cell) throws IOException, InterruptedException {
        Path compiled = programs.compiled(program, macros);
        return new Pair() {
            @Override
            public void warmUp(Cell cell, Duration time) {
                // Nothing stays warm: each sample has its own processes and warms up by itself.
            }

            @Override
            public Sample sample(Cell cell, Duration time)
                    throws IOException, InterruptedException {
                Cell.Mode mode = halves ? Cell.Mode.RTT : cell.mode();
                Cell own = new Cell(cell.mechanism(), cell.placement(), cell.bytes(), mode);
                Sample sample = Programs.sample(compiled, own, pauseMicros, time);
                return halves ? sample.halved() : sample;
            }

            @Override
            public void close() {
                // Its processes have ended.
            }
        };
    }
}
