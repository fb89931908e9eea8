// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Arrays;
import java.util.List;

/**
 * The main class of the JVM that measures: what ping() of ping.h does, through {@link
 * dev.kith.channel.Channel} or a handle. Says the addresses for the other side, is told {@code
 * connect}, answers {@code ready}, then {@code run MILLIS} or {@code stream MILLIS} with a {@link
 * Sample}.
 */
final class Ping {
    /** What is measured, the first argument: channels, or the handles below them. */
    static final String CHANNELS = "channels";

    static final String HANDLES = "handles";

    /** As in ping.h. */
    private static final int STREAM_ROUND = 1000;

    private static final int STREAM_ASKED = 200 * STREAM_ROUND;
    private static final int MOST_ROUNDS = 1 << 22;
    private static final int LEAST_NANOS = 25;

    private final Ends ends;
    private int[] times = {};
    private long stamp;

    Ping(Ends ends) {
        this.ends = ends;
    }

    public static void main(String[] args) {
        Mechanism mechanism = new Mechanism(args[1]);
        int bytes = Integer.parseInt(args[2]);
        List<String> flags = List.of(args).subList(3, args.length);
        Orders.serve(orders -> {
            if (args[0].equals(HANDLES)) {
                HandleWire wire = HandleWire.lay(mechanism, bytes, flags);
                System.out.println(Wire.WORKER + "\t" + wire.worker().pid());
                orders.next();
                new Ping(wire.connect()).serve(orders, bytes);
            } else {
                Wire wire = Wire.lay(mechanism, bytes, flags);
                System.out.println(String.join("\t", wire.told()));
                orders.next();
                new Ping(wire.connect()).serve(orders, bytes);
            }
        });
    }

    static void check(long got, long stamp) {
        if (got != stamp) {
            throw new IllegalStateException(
                    "another message came than the one sent: " + got + ", not " + stamp);
        }
    }

    private void serve(Orders orders, int bytes) throws InterruptedException {
        exchange();
        System.out.println("ready");
        for (; ; ) {
            String[] order = orders.next().split(" ");
            long nanos = Long.parseLong(order[1]) * 1_000_000;
            Sample sample = order[0].equals("stream") ? stream(nanos, bytes) : run(nanos, bytes);
            System.out.println(sample.line());
        }
    }

    /** Exchanges until the time is up or the room for the times is full. */
    Sample run(long nanos, int bytes) throws InterruptedException {
        int room = room(nanos);
        int count = 0;
        long begin = System.nanoTime();
        long last = begin;
        while (last - begin < nanos && count < room) {
            exchange();
            long now = System.nanoTime();
            times[count++] = (int) Math.min(now - last, Integer.MAX_VALUE);
            last = now;
        }
        return Sample.of(times, count, bytes);
    }

    /** Takes messages until the time is up: each time is that of STREAM_ROUND of them. */
    private Sample stream(long nanos, int bytes) throws InterruptedException {
        int room = room(nanos);
        int count = 0;
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos && count + STREAM_ASKED / STREAM_ROUND <= room) {
            ends.put(-STREAM_ASKED);
            long last = System.nanoTime();
            for (int i = 1; i <= STREAM_ASKED; i++) {
                check(ends.take(), i);
                if (i % STREAM_ROUND == 0) {
                    long now = System.nanoTime();
                    times[count++] = (int) Math.min(now - last, Integer.MAX_VALUE);
                    last = now;
                }
            }
        }
        return Sample.of(times, count, bytes);
    }

    private int room(long nanos) {
        int room = (int) Math.min(MOST_ROUNDS, nanos / LEAST_NANOS);
        if (times.length < room) {
            times = new int[room];
        }
        Arrays.fill(times, 1); // touched now, not while the clock runs
        return room;
    }

    private void exchange() throws InterruptedException {
        ends.put(++stamp);
        check(ends.take(), stamp);
    }
}
