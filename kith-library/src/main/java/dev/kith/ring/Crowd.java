// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether more threads want to run than there are processors, so that who spins is in the way. */
final class Crowd {
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final long FRESH_NANOS = 100_000_000;

    private static volatile long asked = System.nanoTime() - FRESH_NANOS;
    private static volatile boolean crowded;

    private Crowd() {}

    static boolean isCrowded() {
        long now = System.nanoTime();
        if (now - asked >= FRESH_NANOS) {
            asked = now;
            crowded = runnable() > Runtime.getRuntime().availableProcessors();
        }
        return crowded;
    }

    /** The runnable threads of the machine, this one among them; 0 if the system does not say. */
    private static int runnable() {
        try {
            // 0.20 0.18 0.12 1/80 11206: the fourth is runnable/all. proc_loadavg(5)
            String fourth = Files.readString(LOAD).split(" ")[3];
            return Integer.parseInt(fourth.substring(0, fourth.indexOf('/')));
        } catch (IOException | RuntimeException unreadable) {
            return 0;
        }
    }
}
