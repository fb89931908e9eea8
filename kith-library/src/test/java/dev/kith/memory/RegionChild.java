// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.IpcException;
import dev.kith.blocking.Deadline;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
            case "churn" -> {
                try (Region region = Regions.open(place)) {
                    System.out.println("begin");
                    System.out.println(churn(region));
                }
            }
            case "stdin" -> stdin();
            case "whisper" -> whisper(place);
            case "join" -> join(place);
            case "sweep" -> sweep(place);
            case "temporary" -> temporary(place);
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
        passed();
    }

    /** Attaches twice and detaches, with the second also the slot of a dead party. */
    private static void join(Place place) {
        try (Region region = Regions.open(place)) {
            region.table().attach(Party.CONSUMER);
            region.table().attach(Party.CONSUMER).close();
        }
        passed();
    }

    private static void sweep(Place place) {
        try (Region region = Regions.open(place)) {
            System.out.println(region.sweep());
        }
        passed();
    }

    /** Creates it where there are no files without a name. */
    private static void temporary(Place place) {
        NativeFile.byTemporaryName(place, Regions.SMALL.totalBytes(), RegionChild::fill).close();
        passed();
    }

    private static void fill(RegionFile file) {
        Header.write(file.memory(), Regions.SMALL);
    }

    /** Says which kill points were on the way, and at last how many. */
    private static void passed() {
        KillPoint.places().forEach(each -> System.out.println("at " + each));
        System.out.println("passed " + KillPoint.passed());
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

    /**
     * Attaches and detaches in three threads, more than there are slots for in two processes, and
     * fails if somebody else is ever in the same slot; how often it was attached.
     */
    static int churn(Region region) throws Exception {
        AtomicInteger attached = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < 3; i++) {
            long id = ProcessHandle.current().pid() << 8 | i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    churn(region, id, attached);
                                } catch (Throwable thrown) {
                                    failure.set(thrown);
                                }
                            }));
        }
        for (Thread each : threads) {
            each.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        return attached.get();
    }

    private static void churn(Region region, long id, AtomicInteger attached) {
        for (int round = 0; round < 300; round++) {
            Attachment mine;
            try {
                mine = region.table().attach(Party.PRODUCER);
            } catch (IpcException noneIsFree) {
                Thread.yield();
                continue;
            }
            long at = mine.offset() + AttachTable.OWN_OFFSET;
            LONG.setVolatile(region.segment(), at, id);
            Thread.yield();
            long found = (long) LONG.getVolatile(region.segment(), at);
            boolean seen = region.table().isAlive(mine.party());
            mine.close();
            if (found != id || !seen) {
                throw new AssertionError(mine + " was not alone: " + found + ", seen=" + seen);
            }
            attached.incrementAndGet();
        }
    }

    /** Opens what standard input is, and answers in it. */
    private static void stdin() {
        try (Region region = Regions.open(Place.descriptor(0))) {
            Attachment mine = region.table().attach(Party.CONSUMER);
            LONG.setVolatile(region.data(), 0L, 7L);
            System.out.println("slot " + mine.slot());
            region.parking(Regions.WORD).await(() -> false, Deadline.FOREVER);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    /** Publishes when a byte comes in, and ends before it wakes anybody. */
    private static void whisper(Place place) throws Exception {
        try (Region region = Regions.open(place);
                Attachment attachment = region.table().attach(Party.PRODUCER)) {
            System.out.println(attachment.slot());
            System.in.read();
            LONG.setRelease(region.data(), 0L, 1L);
            Runtime.getRuntime().halt(1);
        }
    }
}
