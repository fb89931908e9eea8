// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Receiver;
import dev.kith.codec.Codec;
import dev.kith.posix.Fifo;
import java.nio.file.Files;

/** Two processes that know nothing of each other but a path: a shell writes, this program reads. */
public final class FifoHello {
    private FifoHello() {}

    public static void main(String[] arguments) throws Exception {
        var directory = Files.createTempDirectory("kith-fifo");
        var fifo = Fifo.create(directory.resolve("hello"));
        new ProcessBuilder("sh", "-c", "echo Hello from a shell > \"$0\"", fifo.name()).start();
        try (var lines = Receiver.open("fifo:" + fifo.name() + "?framing=lines", Codec.utf8())) {
            lines.forEach(System.out::println);
        } finally {
            fifo.unlink();
            Files.delete(directory);
        }
    }
}
