// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.shared.SharedQueue;
import java.util.Arrays;
import java.util.List;

/** A child puts a list into a queue, with whatever is in it. */
public final class QueueObjects {
    private QueueObjects() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedQueue<List<Object>> queue = SharedQueue.anonymous(Codec.objects());
                var _ = Worker.start(() -> queue.put(Arrays.asList(42, null, "hello")))) {
            System.out.println(queue.take());
        }
    }
}
