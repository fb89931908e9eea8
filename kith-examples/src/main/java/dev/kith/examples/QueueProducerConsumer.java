// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.shared.SharedQueue;

/** A producer process and a consumer process; the producer says when there is no more. */
public final class QueueProducerConsumer {
    private QueueProducerConsumer() {}

    public static void main(String[] arguments) throws Exception {
        String name = "kith-producer-consumer-" + ProcessHandle.current().pid();
        try (SharedQueue<String> queue = SharedQueue.create(name)) {
            try (var producer = Worker.start();
                    var consumer = Worker.start()) {
                producer.run(() -> {
                    for (int i = 0; i < 5; i++) {
                        queue.put("消息" + i);
                        System.out.println("生产者发送了消息:消息" + i);
                    }
                });
                queue.end();
                consumer.run(() -> queue.takeEach(item -> System.out.println("消费者接收到了消息:" + item)));
            } finally {
                queue.unlink();
            }
        }
    }
}
