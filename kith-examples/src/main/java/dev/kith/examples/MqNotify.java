// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.posix.MessageQueue;
import dev.kith.process.Worker;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The kernel tells this process when a child has put a message into the empty POSIX queue. */
public final class MqNotify {
    private MqNotify() {}

    public static void main(String[] arguments) throws Exception {
        try (var jobs = MessageQueue.create(10, 100)) {
            var done = new CountDownLatch(3);
            // Asked for again before each call, so that nothing is missed if it takes all there is.
            jobs.notification()
                    .onMessage(() -> {
                        for (var job = jobs.tryReceive();
                                job.isPresent();
                                job = jobs.tryReceive()) {
                            System.out.println("told of " + new String(job.get().value()));
                            done.countDown();
                        }
                    });
            var child =
                    Worker.start(() -> {
                        for (String job : List.of("one", "two", "three")) {
                            while (jobs.attributes().messages() > 0) {
                                Thread.sleep(1);
                            }
                            jobs.send(job.getBytes(), 0);
                        }
                    });
            done.await();
            child.join();
            jobs.unlink();
        }
    }
}
