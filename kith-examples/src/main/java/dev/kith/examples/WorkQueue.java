// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.shared.SharedQueue;
import java.time.Duration;

/** A worker is killed over its item; another worker does it. */
public final class WorkQueue {
    private WorkQueue() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedQueue<String> jobs = SharedQueue.anonymous(Codec.utf8());
                SharedQueue<String> done = SharedQueue.anonymous(Codec.utf8())) {
            for (int i = 1; i <= 3; i++) {
                jobs.put("job " + i);
            }
            var first =
                    Worker.start(() ->
                            jobs.takeEach(job -> {
                                done.add("begins with " + job);
                                sleep(Duration.ofHours(1));
                            }));
            System.out.println("the first worker " + done.take());
            first.kill();
            System.out.println("it was killed");
            jobs.end();
            try (var second = Worker.start()) {
                second.run(() -> jobs.takeEach(job -> done.add(job)));
            }
            done.forEach(job -> System.out.println("the second worker did " + job));
            System.out.println("all done: " + jobs.join(Duration.ofSeconds(10)));
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
