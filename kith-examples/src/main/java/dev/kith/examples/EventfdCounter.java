// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.linux.EventFd;
import dev.kith.process.Worker;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Four children count on one counter of the kernel; as a semaphore it counts permits. */
public final class EventfdCounter {
    private EventfdCounter() {}

    public static void main(String[] arguments) throws Exception {
        try (var counter = EventFd.create().keep();
                var permits = EventFd.createSemaphore(2).keep()) {
            List<Worker> children = Stream.generate(Worker::start).limit(4).toList();
            for (Worker child : children) {
                child.run(() -> {
                    for (int i = 0; i < 1000; i++) {
                        counter.add(1);
                    }
                });
            }
            System.out.println("four children have counted to " + counter.take());

            Worker child = children.getFirst();
            child.run(() -> permits.take());
            permits.take();
            System.out.println("one more? " + permits.tryTake(Duration.ofMillis(10)).isPresent());
            child.run(() -> permits.add(1));
            System.out.println("and now?  " + permits.tryTake(Duration.ofSeconds(10)).isPresent());
            children.forEach(Worker::close);
        }
    }
}
