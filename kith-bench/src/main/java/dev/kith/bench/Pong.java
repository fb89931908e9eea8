// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;

/** The main class of the other JVM: sends back what comes, and as much as it is asked for. */
final class Pong {
    private Pong() {}

    public static void main(String[] args) {
        Orders.serve(orders -> {
            List<String> names = List.of(args).subList(1, args.length);
            Ends ends = ChannelEnds.of(names, Integer.parseInt(args[0]));
            System.out.println("ready");
            echo(ends);
        });
    }

    /** Sends back what comes, until this process ends. */
    static void echo(Ends ends) throws InterruptedException {
        for (long stamp = 1; ; ) {
            long asked = ends.take();
            if (asked >= 0) {
                Ping.check(asked, stamp++);
                ends.put(asked);
            }
            for (long i = 1; i <= -asked; i++) {
                ends.put(i);
            }
        }
    }
}
