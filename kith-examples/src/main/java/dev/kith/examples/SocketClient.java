// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.codec.Codec;

/** Connects to port 9999 and prints what it is sent. */
public final class SocketClient {
    private SocketClient() {}

    public static void main(String[] arguments) throws Exception {
        try (var server = Channel.open("tcp://localhost:9999?framing=raw", Codec.utf8())) {
            System.out.println(server.receive());
        }
    }
}
