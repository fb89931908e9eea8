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
 * @param streams whether it can do more than round trips
 */
record CParty(
        String name,
        Programs programs,
        String program,
        Map<String, Integer> macros,
        boolean streams)
        implements Party {
    @Override
    public boolean takesPartIn(Cell cell) {
        return streams || cell.mode() == Cell.Mode.RTT;
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
                return Programs.sample(compiled, cell, time);
            }

            @Override
            public void close() {
                // Its processes have ended.
            }
        };
    }
}
