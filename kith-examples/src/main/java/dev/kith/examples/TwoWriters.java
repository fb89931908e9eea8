// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.Types;
import java.util.stream.Stream;

/** Two processes write to one System V queue, each in a lane; a reader picks lanes by type. */
public final class TwoWriters {
    private TwoWriters() {}

    public static void main(String[] arguments) throws Exception {
        try (var queue = MessageQueue.create()) {
            var writers =
                    Stream.of(1, 2)
                            .map(lane ->
                                    Worker.start(() -> {
                                        for (int n = 1; n <= 3; n++) {
                                            String text = "message " + n + " of lane " + lane;
                                            queue.send(lane, text.getBytes());
                                        }
                                    }))
                            .toList();
            for (var writer : writers) {
                writer.join();
            }
            print("lane 2", queue, Types.of(2), 1);
            print("all lanes but 1", queue, Types.except(1), 1);
            print("the lowest lane first", queue, Types.upTo(2), 4);
            queue.unlink();
        }
    }

    private static void print(String what, MessageQueue queue, Types which, int count)
            throws InterruptedException {
        System.out.println(what + ":");
        for (int i = 0; i < count; i++) {
            System.out.println("    " + new String(queue.receive(which).value()));
        }
    }
}
