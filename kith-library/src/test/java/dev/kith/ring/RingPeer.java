// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.PeerDied;
import dev.kith.memory.Place;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Random;

/**
 * The other process of the ring's tests: sends or receives numbers, says each, and kills itself
 * after a store if it is told which.
 */
final class RingPeer {
    private RingPeer() {}

    /** produce|consume, kind, name, who, how many, the kill point or -, its how-manieth pass. */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("dev.kith.ring.killpoints", "true");
        int kind = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[4]);
        int[] passes = {Integer.parseInt(arguments[6])};
        KillPoints.hook =
                point -> {
                    if (point.equals(arguments[5]) && --passes[0] == 0) {
                        die();
                    }
                };
        String name = arguments[2];
        Place place = name.startsWith("/") ? Place.file(Path.of(name)) : Place.shm(name);
        try (SharedRing ring = SharedRing.open(place, kind)) {
            if (arguments[0].equals("produce")) {
                produce(ring, Integer.parseInt(arguments[3]), count);
            } else {
                consume(ring, count);
            }
        }
        say("end");
    }

    private static void produce(SharedRing ring, int who, int count) throws Exception {
        Random random = new Random(who);
        long lap = 0;
        long last = 0;
        try (RingProducer out = ring.producer(Waiter.BLOCK)) {
            say("ready");
            for (int i = 0; i < count; i++) {
                if (random.nextInt(4) == 0) {
                    claimed(out, random.nextInt(out.maxMessageBytes())).close();
                }
                int length = 8 + random.nextInt(out.maxMessageBytes() - 7);
                Claim claim = claimed(out, length);
                if (claim.offset() < last) {
                    lap++;
                }
                last = claim.offset();
                fill(claim, who, i, lap * out.capacityBytes());
                if (random.nextInt(3) == 0) {
                    out.hold();
                }
                claim.publish(random.nextInt(3) == 0 ? 8 + random.nextInt(length - 7) : length);
                if (random.nextBoolean()) {
                    out.flush();
                    say("sent " + i);
                }
            }
        }
    }

    private static Claim claimed(RingProducer out, int length) throws InterruptedException {
        for (; ; ) {
            try {
                return out.claim(length);
            } catch (PeerDied wait) {
                Thread.sleep(1); // for the next consumer
            }
        }
    }

    /** What follows the two numbers are words that would be valid there a lap later. */
    private static void fill(Claim claim, int who, int number, long lap) {
        MemorySegment ring = claim.ring();
        long at = claim.offset();
        ring.set(ValueLayout.JAVA_INT, at, who);
        ring.set(ValueLayout.JAVA_INT, at + 4, number);
        for (long i = 8; i + 8 <= claim.length(); i += 8) {
            long word = RingLayout.record(lap + ring.byteSize() + at + i, 16);
            ring.set(ValueLayout.JAVA_LONG, at + i, word);
        }
    }

    private static void consume(SharedRing ring, int count) throws Exception {
        try (RingConsumer in = ring.consumer(Waiter.BLOCK)) {
            say("ready");
            int[] left = {count};
            while (left[0] > 0) {
                in.await();
                in.drain(
                        (memory, offset, length) -> {
                            say("got " + text(memory, offset, length));
                            left[0]--;
                        },
                        left[0]);
            }
        }
    }

    /** Checks a message; who sent it, and its number. */
    static String text(MemorySegment memory, long offset, int length) {
        for (long i = 8; i + 8 <= length; i += 8) {
            if (memory.get(ValueLayout.JAVA_INT, offset + i) != (int) RingLayout.record(0, 16)) {
                throw new AssertionError("byte " + i + " of " + length);
            }
        }
        return memory.get(ValueLayout.JAVA_INT, offset)
                + " "
                + memory.get(ValueLayout.JAVA_INT, offset + 4);
    }

    private static void die() {
        try {
            new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start();
            Thread.sleep(60_000);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
