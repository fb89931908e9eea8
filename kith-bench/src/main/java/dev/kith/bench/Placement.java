// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The CPUs on which the two processes run.
 *
 * @param name {@code same}, {@code cross} or {@code any}
 * @param ping where the process that measures runs; -1: anywhere
 * @param pong where the other runs; -1: anywhere
 */
record Placement(String name, int ping, int pong) {
    /** What {@code --cpus} may say. */
    static final List<String> KNOWN = List.of("same", "cross", "any");

    /**
     * The placements of a list of names with commas, on two CPUs, or on one for {@code same} alone.
     */
    static List<Placement> named(String names, List<Integer> cpus) {
        List<Placement> placements = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            placements.add(
                    switch (name) {
                        case "same" -> new Placement(name, cpus.getFirst(), cpus.getFirst());
                        case "cross" -> cross(cpus);
                        case "any" -> new Placement(name, -1, -1);
                        default ->
                                throw new IllegalArgumentException(
                                        "--cpus: no placement "
                                                + name
                                                + ": known are "
                                                + String.join(" ", KNOWN));
                    });
        }
        return placements;
    }

    /** Whether how far the two CPUs are apart matters. */
    boolean crosses() {
        return ping != pong;
    }

    /** What to put before a command so that it runs on that CPU. */
    static List<String> pinnedTo(int cpu) {
        return cpu < 0 ? List.of() : List.of("taskset", "-c", Integer.toString(cpu));
    }

    /** Pins a process that runs, with all its threads. */
    static void pin(String pid, int cpu) throws IOException, InterruptedException {
        if (cpu >= 0) {
            Programs.run(List.of("taskset", "-a", "-c", "-p", Integer.toString(cpu), pid));
        }
    }

    private static Placement cross(List<Integer> cpus) {
        if (cpus.size() < 2 || cpus.get(0).equals(cpus.get(1))) {
            throw new IllegalArgumentException(
                    "--cpus cross: needs two CPUs, this process may use "
                            + cpus
                            + "; ask for --cpus same");
        }
        return new Placement("cross", cpus.get(0), cpus.get(1));
    }
}
