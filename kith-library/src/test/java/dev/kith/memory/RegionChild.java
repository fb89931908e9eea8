// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.blocking.Deadline;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The other process of a test, which does what its first argument says. */
public final class RegionChild {
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private RegionChild() {}

    public static void main(String[] args) throws Exception {
        Place place = args[1].startsWith("/") ? Place.file(Path.of(args[1])) : Place.shm(args[1]);
        switch (args[0]) {
            case "attach" -> attach(place);
            case "await" -> await(place);
            case "publish" -> publish(place);
            case "create" -> create(place);
            case "make", "makefile" -> make(place);
            case "memfd" -> memfd();
            case "mourn" -> mourn(place);
            case "join" -> join(place);
            case "sweep" -> sweep(place);
            case "full" -> full(place);
            case "open" -> open(place);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Attaches and stays until a byte comes in. */
    private static void attach(Place place) throws Exception {
        try (Region region = Regions.open(place);
                Attachment attachment = region.table().attach(Party.CONSUMER)) {
            System.out.println(attachment.slot());
            System.in.read();
        }
        System.out.println("detached");
    }

    /** Waits until the first word of the data is what the one who waits last time saw plus one. */
    private static void await(Place place) throws Exception {
        try (Region region = Regions.open(place);
                Attachment attachment = region.table().attach(Party.CONSUMER)) {
            Parking parking = region.parking(Regions.WORD);
            MemorySegment data = region.data();
            System.out.println(attachment.slot());
            for (long expected = 1; ; expected++) {
                long awaited = expected;
                parking.await(() -> (long) LONG.getAcquire(data, 0L) >= awaited, Deadline.FOREVER);
                System.out.println("got " + awaited);
            }
        }
    }

    /** Publishes 1, 2, … for each byte that comes in. */
    private static void publish(Place place) throws Exception {
        try (Region region = Regions.open(place);
                Attachment attachment = region.table().attach(Party.PRODUCER)) {
            Parking parking = region.parking(Regions.WORD);
            System.out.println(attachment.slot());
            for (long next = 1; System.in.read() >= 0; next++) {
                LONG.setRelease(region.data(), 0L, next);
                parking.wake();
            }
        }
    }

    /** Creates and attaches before the name is given, detaches and removes. */
    private static void create(Place place) {
        try (Region region =
                Region.create(place, Regions.SMALL, made -> made.table().attach(Party.PRODUCER))) {
            System.out.println(region.table().parties().size());
            region.table().attach(Party.CONSUMER).close();
            KillPoint.pass();
            region.unlink();
        }
        System.out.println("passed " + KillPoint.passed());
    }

    /** Attaches twice and detaches, with the second also the slot of a dead party. */
    private static void join(Place place) {
        try (Region region = Regions.open(place)) {
            region.table().attach(Party.CONSUMER);
            region.table().attach(Party.CONSUMER).close();
        }
        System.out.println("passed " + KillPoint.passed());
    }

    private static void sweep(Place place) {
        try (Region region = Regions.open(place)) {
            System.out.println(region.sweep() + ", passed " + KillPoint.passed());
        }
    }

    /** What there is to say when there is no room. */
    private static void full(Place place) throws Exception {
        Shape shape = Shape.of(1, 16, 640, 1 << 20, 1000, 0);
        try {
            Region.create(place, shape, region -> {}).close();
        } catch (RuntimeException noRoom) {
            System.out.println(noRoom.getMessage());
        }
        try (Stream<Path> left = Files.list(Path.of("/dev/shm"))) {
            System.out.println(left.toList());
        }
    }

    private static void open(Place place) {
        try (Region region = Regions.open(place)) {
            System.out.println("open " + region);
        } catch (RuntimeException denied) {
            System.out.println(denied.getClass().getSimpleName() + " " + denied.getMessage());
        }
    }

    /** Creates, attaches, and stays. */
    private static void make(Place place) throws Exception {
        try (Region region =
                Region.create(place, Regions.SMALL, made -> made.table().attach(Party.PRODUCER))) {
            System.out.println(region.place().equals(place) ? "made" : "made elsewhere");
            System.in.read();
        }
    }

    private static void memfd() {
        try {
            Regions.open(Place.descriptor(0)).close();
        } catch (RuntimeException denied) {
            System.out.println(denied.getMessage());
        }
    }

    /** Waits for a death among those who have attached before. */
    private static void mourn(Place place) throws Exception {
        try (Region region = Regions.open(place)) {
            while (region.table().parties().isEmpty()) {
                Thread.sleep(1);
            }
            region.watch().scan();
            System.out.println(region.watch().deaths() + " deaths");
            region.parking(Regions.WORD).await(() -> region.watch().deaths() > 0, Deadline.FOREVER);
            System.out.println(region.watch().deaths() + " deaths");
        }
    }
}
