// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A way for two processes to exchange messages, as it is measured: a C program, a transport, or
 * both.
 *
 * @param name the scheme of the transport, and the C program without {@code .c}
 */
record Mechanism(String name) {
    /** The C programs, in the order in which they are reported. */
    static final List<String> IN_C =
            List.of(
                    "pipe",
                    "fifo",
                    "socketpair",
                    "unix",
                    "unix+seqpacket",
                    "unix+dgram",
                    "tcp",
                    "mq",
                    "sysvmq",
                    "eventfd",
                    "sem",
                    "futex",
                    "shm",
                    "spin");

    /** What is measured if {@code --via} does not say. */
    static final String USUAL = "pipe,fifo,unix,tcp,mq,sysvmq";

    /** The mechanisms of a list of names with commas, or {@code all}. */
    static List<Mechanism> named(String names) {
        if (names.equals("all")) {
            return known().stream().map(Mechanism::new).filter(Mechanism::isMeasured).toList();
        }
        for (String name : names.split(",", -1)) {
            if (!known().contains(name)) {
                throw new IllegalArgumentException(
                        "--via: no mechanism "
                                + name
                                + ": known are all "
                                + String.join(" ", known()));
            }
        }
        return Stream.of(names.split(",")).map(Mechanism::new).map(Mechanism::checked).toList();
    }

    /** The names that there are. */
    static Set<String> known() {
        Set<String> known = new LinkedHashSet<>(IN_C);
        Transports.all().forEach(transport -> known.add(transport.scheme()));
        return known;
    }

    boolean isInC() {
        return IN_C.contains(name);
    }

    /** The transport, if it carries messages of any length. */
    Optional<Transport> transport() {
        return Transports.all().stream()
                .filter(transport -> transport.scheme().equals(name))
                .filter(transport -> !transport.traits().contains(Trait.FIXED_8))
                .findFirst();
    }

    /** Whether it makes no sense on one CPU. */
    boolean needsTwoCpus() {
        return name.equals("spin") || name.equals("shm");
    }

    private Mechanism checked() {
        if (!isMeasured()) {
            throw new IllegalArgumentException(
                    "--via " + name + ": its messages have exactly 8 bytes: it cannot be compared");
        }
        return this;
    }

    private boolean isMeasured() {
        return isInC() || transport().isPresent();
    }

    @Override
    public String toString() {
        return name;
    }
}
