// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Address;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The main class of the JVM that finds out what opening a ring costs and what a message leaves for
 * the collector. Its argument is the name of a full ring of another process. Says a line for each
 * {@link Kind}: median, least, most, count.
 */
final class Costs {
    /**
     * What is found out.
     *
     * @see Allocations
     */
    enum Kind {
        CREATE("create a ring, open both ends", Unit.TIME, 1e6),
        ATTACH("open a ring of another process, open an end", Unit.TIME, 1e6),
        FOOTPRINT("a shm: channel in /dev/shm", Unit.SIZE, 64 * 1024),
        COPY("a message allocates: put, drain", Unit.SIZE, 0),
        CLAIM("a message allocates: claim, drain", Unit.SIZE, 0),
        STRUCT("a message allocates: put and read a struct", Unit.SIZE, 0);

        private final String what;
        private final Unit unit;
        private final double limit;

        Kind(String what, Unit unit, double limit) {
            this.what = what;
            this.unit = unit;
            this.limit = limit;
        }

        String what() {
            return what;
        }

        Unit unit() {
            return unit;
        }

        /** The largest that will do. */
        double limit() {
            return limit;
        }
    }

    private static final int WARM_UP = 300;
    private static final int ROUNDS = 100;

    private Costs() {}

    public static void main(String[] args) {
        Orders.serve(orders -> {
            say(Kind.CREATE, timesOf(Costs::create));
            say(Kind.ATTACH, timesOf(() -> attach(args[0])));
            say(Kind.FOOTPRINT, List.of(footprint()));
            try (Allocations allocations = new Allocations()) {
                say(Kind.COPY, allocations.copied());
                say(Kind.CLAIM, allocations.claimed());
                say(Kind.STRUCT, allocations.structs());
            }
            orders.next();
        });
    }

    private static void say(Kind kind, List<Double> values) {
        Spread spread = Spread.of(values);
        System.out.printf(
                Locale.ROOT,
                "%s %.3f %.3f %.3f %d%n",
                kind,
                spread.median(),
                spread.least(),
                spread.most(),
                spread.count());
    }

    /** One measurement; the result is the time in nanoseconds. */
    private interface Timed {
        long nanos();
    }

    private static List<Double> timesOf(Timed timed) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < WARM_UP + ROUNDS; i++) {
            double nanos = timed.nanos();
            if (i >= WARM_UP) {
                times.add(nanos);
            }
        }
        return times;
    }

    private static long create() {
        String name = "/kith-bench-" + ProcessHandle.current().pid();
        long begin = System.nanoTime();
        SpscRing ring = SpscRing.create(name, Field.SMALL);
        try (RingProducer _ = ring.producer();
                RingConsumer _ = ring.consumer()) {
            return System.nanoTime() - begin;
        } finally {
            ring.unlink();
            ring.close();
        }
    }

    private static long attach(String name) {
        long begin = System.nanoTime();
        try (SpscRing ring = SpscRing.open(name);
                RingProducer _ = ring.producer()) {
            return System.nanoTime() - begin;
        }
    }

    /** Of a channel that was told nothing but its name. */
    private static double footprint() throws IOException {
        Transport shm =
                Transports.all().stream()
                        .filter(transport -> transport.scheme().equals("shm"))
                        .findFirst()
                        .orElseThrow();
        String name = "/kith-bench-channel-" + ProcessHandle.current().pid();
        Address address = shm.create(Address.parse("shm:" + name));
        try {
            return Files.size(Path.of("/dev/shm" + name));
        } finally {
            shm.remove(address.withoutOptions());
        }
    }
}
