// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

/** The other JVM of {@link MessageQueueProcessTest}. */
final class QueuePeer {
    private QueuePeer() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("list")) {
            MessageQueue.list().forEach(System.out::println);
            return;
        }
        try (MessageQueue queue = MessageQueue.open(args[1])) {
            System.out.println("ready");
            if (args[0].equals("receive")) {
                PriorityMessage<byte[]> message = queue.receive();
                System.out.println(MessageQueueTest.text(message) + " " + message.priority());
            } else {
                int count = Integer.parseInt(args[2]);
                for (int i = 0; i < count; i++) {
                    queue.send(MessageQueueTest.bytes("message " + i), 0);
                }
                System.out.println("sent " + count);
                Thread.sleep(30_000);
            }
        }
    }
}
