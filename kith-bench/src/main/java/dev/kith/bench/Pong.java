// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Wire.Ends;
import java.util.List;

/** The main class of the other JVM: sends everything back. */
final class Pong {
    private Pong() {}

    public static void main(String[] uris) {
        Orders.serve(orders -> {
            Ends ends = Ends.of(List.of(uris));
            System.out.println("ready");
            echo(ends);
        });
    }

    /** Sends back what comes, until this process ends. */
    static void echo(Ends ends) throws InterruptedException {
        for (long stamp = 1; ; stamp++) {
            byte[] message = ends.in().receive();
            Ping.check(message, stamp);
            ends.out().send(message);
        }
    }
}
