// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.channel.SendOption;
import dev.kith.codec.Codec;
import dev.kith.posix.MessageQueue;
import dev.kith.process.Worker;

/** A child sends three messages to a POSIX queue; the most urgent comes first. */
public final class MqHello {
    private MqHello() {}

    public static void main(String[] arguments) throws Exception {
        String name = "/kith-hello-" + ProcessHandle.current().pid();
        try (var made = MessageQueue.create(name, 10, 100);
                var queue = Channel.open("mq:" + name, Codec.utf8())) {
            var child =
                    Worker.start(() -> {
                        queue.send("low", SendOption.priority(1));
                        queue.send("urgent", SendOption.priority(9));
                        queue.send("normal", SendOption.priority(5));
                        queue.end();
                    });
            child.join();
            queue.forEach(System.out::println);
            made.unlink();
        }
    }
}
