// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.ChildJvm;
import dev.kith.codec.Codec;
import dev.kith.memory.KillPoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The other process of the queues' tests. */
final class QueuePeer {
    /** Producers of the chaos, and how many items each may put. */
    static final int PRODUCERS = 64;

    static final int ITEMS = 20_000;

    private QueuePeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedQueue<String> queue = SharedQueue.open(arguments[1], Codec.utf8())) {
            switch (arguments[0]) {
                case "put" -> {
                    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                        queue.put(arguments[3] + i);
                    }
                    say("put");
                    Thread.sleep(100_000);
                }
                case "halt" -> {
                    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                        queue.put("item " + i);
                    }
                    Runtime.getRuntime().halt(0);
                }
                case "take" -> {
                    say("ready");
                    queue.takeEach(QueuePeer::say);
                    say("end");
                }
                case "wait" -> {
                    say("ready");
                    queue.take();
                }
                case "lease" -> {
                    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                        say("leased " + queue.lease().value());
                    }
                    Thread.sleep(100_000);
                }
                case "steal" -> {
                    say("got " + queue.take());
                    Thread.sleep(100_000);
                }
                case "state" -> {
                    say("size " + queue.size() + " shutdown " + queue.isShutdown());
                    try {
                        queue.put("no");
                    } catch (ShutDown down) {
                        say("shut down");
                    }
                }
                case "stop" -> queue.shutdown(true);
                case "points" -> points(queue);
                case "produce" -> produce(queue, log(arguments[2]), Integer.parseInt(arguments[3]));
                case "consume" -> consume(queue, log(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** A file that everybody maps: what producers have put, and how often each item was done. */
    static MemorySegment log(String file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        Path.of(file),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            long bytes = PRODUCERS * 4L + (long) PRODUCERS * ITEMS;
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
        }
    }

    static long doneAt(int producer, int item) {
        return PRODUCERS * 4L + (long) producer * ITEMS + item;
    }

    private static void produce(SharedQueue<String> queue, MemorySegment log, int producer)
            throws InterruptedException {
        say("ready");
        for (int item = 0; item < ITEMS; item++) {
            String text = producer + " " + item + " ";
            queue.put(item % 3 == 0 ? text + "x".repeat(200) : text);
            log.set(JAVA_INT, producer * 4L, item + 1);
        }
        Thread.sleep(100_000);
    }

    private static void consume(SharedQueue<String> queue, MemorySegment log)
            throws InterruptedException {
        say("ready");
        for (; ; ) {
            try (Lease<String> lease = queue.lease()) {
                done(lease.value(), log);
                lease.acknowledge();
            }
        }
    }

    /** One item at a time is in one process, so nobody else writes its byte. */
    static void done(String item, MemorySegment log) {
        String[] parts = item.split(" ");
        long at = doneAt(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        log.set(JAVA_BYTE, at, (byte) (log.get(JAVA_BYTE, at) + 1));
    }

    /**
     * A way that passes every store of a queue; before each step it says what it is about to do.
     */
    private static void points(SharedQueue<String> queue) throws InterruptedException {
        say("from " + KillPoint.passed());
        put(queue, "child short");
        put(queue, "child long " + "x".repeat(200));
        say("take");
        say("took " + queue.take());
        say("take");
        Lease<String> done = queue.lease();
        say("acknowledge " + done.value());
        done.acknowledge();
        say("acknowledged " + done.value());
        try (Lease<String> back = queue.lease()) {
            back.release();
        }
        boolean _ = queue.lease(Duration.ofSeconds(1)).isPresent();
        say("end");
        queue.end(2);
        say("shutdown");
        queue.shutdown();
        say("shutdown at once");
        queue.shutdown(true);
        say("to " + KillPoint.passed());
    }

    private static void put(SharedQueue<String> queue, String item) throws InterruptedException {
        say("put " + item);
        queue.put(item);
        say("done " + item);
    }

    static List<String> lines(ChildJvm child) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = child.line(); line != null; line = child.line()) {
            lines.add(line);
        }
        return lines;
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
