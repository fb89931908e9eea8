// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A way for two processes to exchange messages, as it is measured. A new one is a line in {@link
 * #ALL}.
 *
 * @param name what {@code --via} calls it
 * @param program the C program of the same exchange, without {@code .c}
 * @param uri the address that Kith opens, or makes a pair of; {@code %s} stands for something
 *     unique, {@code %d} for a folder that is removed afterwards; empty if only C is measured
 * @param twoCpus whether it makes no sense on one CPU
 */
record Mechanism(String name, String program, Optional<String> uri, boolean twoCpus) {
    /** In the order in which they are reported. */
    static final List<Mechanism> ALL =
            List.of(
                    floor("pipe", "pipe"),
                    via("fifo", "fifo", "fifo:%d/%s"),
                    via("unix", "unix", "unix:%d/%s"),
                    via("tcp", "tcp", "tcp://127.0.0.1:0"),
                    floor("mq", "mq"),
                    floor("sysvmq", "sysvmq"),
                    floor("socketpair", "socketpair"),
                    floor("unix+seqpacket", "seqpacket"),
                    floor("unix+dgram", "dgram"),
                    floor("eventfd", "eventfd"),
                    floor("sem", "sem"),
                    floor("futex", "futex"),
                    new Mechanism("spin", "spin", Optional.empty(), true));

    /** What is measured if {@code --via} does not say. */
    static final String USUAL = "pipe,fifo,unix,tcp,mq,sysvmq";

    /** The mechanisms of a list of names with commas, or {@code all}. */
    static List<Mechanism> named(String names) {
        if (names.equals("all")) {
            return ALL;
        }
        List<Mechanism> named = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            named.add(of(name));
        }
        return named;
    }

    static Mechanism of(String name) {
        for (Mechanism mechanism : ALL) {
            if (mechanism.name.equals(name)) {
                return mechanism;
            }
        }
        List<String> known = ALL.stream().map(Mechanism::name).toList();
        throw new IllegalArgumentException(
                "--via: no mechanism " + name + ": known are all " + String.join(" ", known));
    }

    private static Mechanism via(String name, String program, String uri) {
        return new Mechanism(name, program, Optional.of(uri), false);
    }

    private static Mechanism floor(String name, String program) {
        return new Mechanism(name, program, Optional.empty(), false);
    }
}
