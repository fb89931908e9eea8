// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;

/** The other process of the broadcast's tests: sends numbers, or gets them, or dies at a store. */
final class BroadcastPeer {
    /** Numbers of one who sends are apart by that from those of another. */
    static final long APART = 1L << 40;

    private BroadcastPeer() {}

    /** produce WHO or subscribe POLICY, name, how many, the kill point or -, its pass. */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("dev.kith.ring.killpoints", "true");
        int[] passes = {Integer.parseInt(arguments[5])};
        KillPoints.hook =
                point -> {
                    if (point.equals(arguments[4]) && --passes[0] == 0) {
                        die();
                    }
                };
        int count = Integer.parseInt(arguments[3]);
        String name = arguments[2];
        try (Broadcast broadcast =
                name.startsWith("/") ? Broadcast.open(Path.of(name)) : Broadcast.open(name)) {
            if (arguments[0].equals("produce")) {
                produce(broadcast, Integer.parseInt(arguments[1]), count);
            } else {
                subscribe(broadcast, Policy.valueOf(arguments[1]), count);
            }
        }
        say("end");
    }

    private static void produce(Broadcast broadcast, int who, int count) throws Exception {
        Random random = new Random(who);
        try (RingProducer out = broadcast.producer()) {
            say("ready");
            for (int i = 0; i < count; i++) {
                if (random.nextInt(4) == 0) {
                    out.claim(random.nextInt(out.maxMessageBytes())).close();
                }
                int length = 8 + random.nextInt(out.maxMessageBytes() - 7);
                out.put(Rings.message(who * APART + i, length));
                say("sent " + i);
            }
        }
    }

    private static void subscribe(Broadcast broadcast, Policy policy, int count) throws Exception {
        try (Subscriber in = broadcast.subscribe(policy)) {
            say("ready");
            while (in.taken() + in.lost() < count) {
                in.await();
                in.drain((memory, at, length) -> say("got " + checked(memory, at, length)), 9);
            }
            say("lost " + in.lost());
        }
    }

    private static long checked(MemorySegment memory, long at, int length) {
        return Rings.checked(memory, at, length);
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
