// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;

/** The main class of the other JVM: sends back what comes, and as much as it is asked for. */
final class Pong {
    private Pong() {}

    public static void main(String[] args) {
        Orders.serve(orders -> {
            int bytes = Integer.parseInt(args[1]);
            List<String> names = List.of(args).subList(2, args.length);
            Ends ends =
                    switch (args[0]) {
                        case Ping.AGRONA -> AgronaWire.ends(names.reversed(), bytes);
                        case Ping.AERON -> AeronEnds.pong(names.getFirst(), bytes);
                        default -> ChannelEnds.of(names, bytes);
                    };
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
