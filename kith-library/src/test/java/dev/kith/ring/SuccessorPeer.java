// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.IpcException;
import dev.kith.memory.Place;
import java.time.Duration;

/** The process that wants what another has, until it gets it, and says what becomes of that. */
final class SuccessorPeer {
    private SuccessorPeer() {}

    /** consume|produce|fill|flood, kind, name. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("flood")) {
            flood(arguments[2]);
            return;
        }
        Place place = Place.shm(arguments[2]);
        try (SharedRing ring = SharedRing.open(place, Integer.parseInt(arguments[1]))) {
            switch (arguments[0]) {
                case "consume" -> consume(ring);
                case "produce" -> produce(ring);
                default -> fill(ring);
            }
        }
    }

    private interface Opening {
        void run() throws Exception;
    }

    private static void consume(SharedRing ring) throws Exception {
        taken(() -> {
            try (RingConsumer in = ring.consumer(Waiter.BLOCK)) {
                say("mine");
                say("got " + Rings.drained(in));
            }
        });
    }

    private static void produce(SharedRing ring) throws Exception {
        taken(() -> {
            try (RingProducer out = ring.producer(Waiter.BLOCK)) {
                say("mine");
                out.put(Rings.message(7, 40));
            }
        });
    }

    /** Says each time that the role is another's. */
    private static void taken(Opening opening) throws Exception {
        for (; ; ) {
            try {
                opening.run();
                return;
            } catch (IpcException another) {
                say("refused");
                Thread.sleep(2);
            }
        }
    }

    /** Sends until there is no room, says so, and then that there was room again. */
    private static void fill(SharedRing ring) throws Exception {
        try (RingProducer out = ring.producer(Waiter.PARK)) {
            long sent = Rings.fill(out);
            say("full " + sent);
            out.put(Rings.message(sent, 100));
            say("room");
        }
    }

    /** The same on a broadcast. */
    private static void flood(String name) throws Exception {
        try (Broadcast broadcast = Broadcast.open(name);
                RingProducer out = broadcast.producer(Waiter.PARK)) {
            long sent = 0;
            while (out.offer(Rings.message(sent, 100), Duration.ofMillis(20))) {
                sent++;
            }
            say("full " + sent);
            for (long end = sent + 100; sent < end; sent++) {
                out.put(Rings.message(sent, 100));
            }
            say("room");
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
