// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Four processes write to the same end of a pipe at the same time; no message is mixed with
 * another.
 */
public final class SameEnd {
    private SameEnd() {}

    public static void main(String[] arguments) throws Exception {
        try (var pipe = Channel.pair("pipe:?shared=true", Codec.bytes())) {
            var end = pipe.sender();
            var children =
                    IntStream.range(0, 4)
                            .mapToObj(writer ->
                                    Worker.start(() -> {
                                        for (int i = 0; i < 10_000; i++) {
                                            byte[] message = new byte[1 + i % 4092];
                                            Arrays.fill(message, (byte) writer);
                                            end.send(message);
                                        }
                                    }))
                            .toList();
            int corrupted = 0;
            for (int i = 0; i < 40_000; i++) {
                byte[] message = pipe.receiver().receive();
                for (byte b : message) {
                    if (b != message[0]) {
                        corrupted++;
                        break;
                    }
                }
            }
            System.out.println("40000 messages, " + corrupted + " corrupted");
            children.forEach(Worker::close);
        }
    }
}
