// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.Closed;
import dev.kith.channel.Channel;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import java.util.Arrays;

/** A child sends a list through a pipe and closes its end. */
public final class PipeHello {
    private PipeHello() {}

    public static void main(String[] arguments) throws Exception {
        try (var pipe = Channel.pair("pipe:", Codec.objects())) {
            var theirs = pipe.sender();
            var child =
                    Worker.start(() -> {
                        theirs.send(Arrays.asList(42, null, "hello"));
                        theirs.close();
                    });
            System.out.println(pipe.receiver().receive());
            try {
                pipe.receiver().receive();
            } catch (Closed end) {
                System.out.println(end.getMessage());
            }
            child.join();
        }
    }
}
