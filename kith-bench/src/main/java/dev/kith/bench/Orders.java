// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a child JVM is told on its standard input, a line each. When the input ends, because the
 * parent closed it or died, this JVM ends, whatever its other threads wait for; shutdown hooks run.
 */
final class Orders {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Runs the main method of a child; if it fails, says so to the parent and ends this JVM. */
    static void serve(Service service) {
        try {
            service.run(fromStandardInput());
        } catch (Exception e) {
            System.out.println(Child.FAILED + e);
            System.exit(1);
        }
    }

    /** What a child does. */
    interface Service {
        void run(Orders orders) throws Exception;
    }

    /** Whether there is one already. */
    boolean has() {
        return !lines.isEmpty();
    }

    String next() throws InterruptedException {
        return lines.take();
    }

    private static Orders fromStandardInput() {
        Orders orders = new Orders();
        Thread.ofPlatform().daemon().name("orders").start(orders::listen);
        return orders;
    }

    private void listen() {
        try (BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            // as at the end of the input
        }
        System.exit(0);
    }
}
