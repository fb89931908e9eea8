// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.time.Duration;

/** Two C programs over the same mechanism: as fast as it can be done on this machine. */
record CFloor(Programs programs) implements Party {
    @Override
    public String name() {
        return "C";
    }

    @Override
    public boolean takesPartIn(Cell cell) {
        return cell.mechanism().isInC();
    }

    @Override
    public Pair start(Cell cell) {
        return new Pair() {
            @Override
            public void warmUp(Cell same, Duration time) {
                // Nothing stays warm: each sample has its own processes and warms up by itself.
            }

            @Override
            public Sample sample(Cell same, Duration time)
                    throws java.io.IOException, InterruptedException {
                return programs.sample(cell, time);
            }

            @Override
            public void close() {
                // Its processes have ended.
            }
        };
    }
}
