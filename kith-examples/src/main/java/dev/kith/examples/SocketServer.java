// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Listener;
import dev.kith.codec.Codec;

/**
 * Greets the first who connects to port 9999. Raw bytes: a plain Python or netcat may be the other
 * side.
 */
public final class SocketServer {
    private SocketServer() {}

    public static void main(String[] arguments) throws Exception {
        try (var listener = Listener.open("tcp://localhost:9999?framing=raw", Codec.utf8());
                var client = listener.accept()) {
            System.out.println("Connected by " + client.remote().orElseThrow());
            client.send("Hello, world!");
            client.end();
        }
    }
}
