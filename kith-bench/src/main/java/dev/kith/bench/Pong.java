// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;

/** The main class of the other JVM: sends everything back. */
final class Pong {
    private Pong() {}

    public static void main(String[] args) {
        Orders.serve(orders -> {
            List<String> uris = List.of(args).subList(1, args.length);
            Ends ends = ChannelEnds.of(uris, Integer.parseInt(args[0]));
            System.out.println("ready");
            echo(ends);
        });
    }

    /** Sends back what comes, until this process ends. */
    static void echo(Ends ends) throws InterruptedException {
        for (long stamp = 1; ; stamp++) {
            Ping.check(ends.take(), stamp);
            ends.put(stamp);
        }
    }
}
