// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;

/** A child connects to a name; the kernel tells who it is. */
public final class UnixSocketHello {
    private UnixSocketHello() {}

    public static void main(String[] arguments) throws Exception {
        String name = "unix:@kith-hello-" + ProcessHandle.current().pid();
        try (var listener = Listener.open(name, Codec.utf8())) {
            var child =
                    Worker.start(() -> {
                        try (var server = Channel.open(name, Codec.utf8())) {
                            server.send("hello");
                            server.receive();
                        }
                    });
            try (var client = listener.accept()) {
                boolean known = client.peer().orElseThrow().pid() == child.pid();
                System.out.println(
                        client.receive() + " from " + (known ? "my child" : "a stranger"));
                client.send("bye");
            }
            child.join();
        }
    }
}
