// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a child JVM is told on its standard input, a line each. When the input ends, because the parent closed
 * it or died, this JVM ends, whatever its other threads wait for; shutdown hooks run.
 */
final class Orders {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Begins to listen. */
    static Orders fromStandardInput() {
        Orders orders = new Orders();
        Thread.ofPlatform().daemon().name("orders").start(orders::listen);
        return orders;
    }

    String next() throws InterruptedException {
        return lines.take();
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
