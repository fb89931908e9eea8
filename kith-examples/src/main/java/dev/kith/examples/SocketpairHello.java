// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;

/** Parent and child ask and answer over one socketpair. */
public final class SocketpairHello {
    private SocketpairHello() {}

    public static void main(String[] arguments) throws Exception {
        try (var pair = Channel.pair("socketpair:", Codec.utf8())) {
            var theirs = pair.second();
            var child =
                    Worker.start(() -> {
                        theirs.send("hello, " + theirs.receive());
                    });
            pair.first().send("child");
            System.out.println(pair.first().receive());
            child.join();
        }
    }
}
