// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Wire.Ends;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of the JVM that measures: what ping() of ping.h does, through {@link
 * dev.kith.channel.Channel}. Says the addresses for the other side, is told {@code connect},
 * answers {@code ready}, then {@code run MILLIS} with a {@link Sample}.
 */
final class Ping {
    private static final VarHandle STAMP =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int MOST_ROUNDS = 1 << 22;
    private static final int LEAST_NANOS = 25;

    private final Ends ends;
    private final byte[] message;
    private int[] times = {};
    private long stamp;

    Ping(Ends ends, int bytes) {
        this.ends = ends;
        this.message = new byte[bytes];
    }

    public static void main(String[] args) {
        List<String> flags = List.of(args).subList(2, args.length);
        Orders.serve(orders -> {
            Wire wire = Wire.lay(new Mechanism(args[0]), flags);
            System.out.println(String.join("\t", wire.told()));
            orders.next();
            new Ping(wire.connect(), Integer.parseInt(args[1])).serve(orders);
        });
    }

    static void check(byte[] message, long stamp) {
        long got = (long) STAMP.get(message, 0);
        if (got != stamp) {
            throw new IllegalStateException(
                    "another message came than the one sent: " + got + ", not " + stamp);
        }
    }

    private void serve(Orders orders) throws InterruptedException {
        exchange();
        System.out.println("ready");
        for (; ; ) {
            String millis = orders.next().substring("run ".length());
            System.out.println(run(Long.parseLong(millis) * 1_000_000).line());
        }
    }

    /** Exchanges until the time is up or the room for the times is full. */
    private Sample run(long nanos) throws InterruptedException {
        int room = (int) Math.min(MOST_ROUNDS, nanos / LEAST_NANOS);
        if (times.length < room) {
            times = new int[room];
        }
        Arrays.fill(times, 1); // touched now, not while the clock runs
        int count = 0;
        long begin = System.nanoTime();
        long last = begin;
        while (last - begin < nanos && count < room) {
            exchange();
            long now = System.nanoTime();
            times[count++] = (int) Math.min(now - last, Integer.MAX_VALUE);
            last = now;
        }
        return Sample.of(times, count, message.length);
    }

    private void exchange() throws InterruptedException {
        stamp++;
        STAMP.set(message, 0, stamp);
        ends.out().send(message);
        check(ends.in().receive(), stamp);
    }
}
