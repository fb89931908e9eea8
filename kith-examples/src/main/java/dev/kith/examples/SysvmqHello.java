// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Address;
import dev.kith.channel.Receiver;
import dev.kith.channel.SendOption;
import dev.kith.channel.Sender;
import dev.kith.channel.Transports;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;

/** A child sends messages of two types to a System V queue; each is received by its type. */
public final class SysvmqHello {
    private SysvmqHello() {}

    public static void main(String[] arguments) throws Exception {
        var transport = Transports.of(Address.parse("sysvmq:"));
        Address address = transport.create(Address.parse("sysvmq:"));
        try (var queue = Sender.open(address.toString(), Codec.utf8());
                var words =
                        Receiver.open(address.withOption("type", "2").toString(), Codec.utf8());
                var numbers =
                        Receiver.open(address.withOption("type", "1").toString(), Codec.utf8())) {
            var child =
                    Worker.start(() -> {
                        queue.send("1", SendOption.type(1));
                        queue.send("one", SendOption.type(2));
                        queue.send("2", SendOption.type(1));
                    });
            child.join();
            System.out.println("type 2: " + words.receive());
            System.out.println("type 1: " + numbers.receive() + " " + numbers.receive());
        } finally {
            transport.remove(address);
        }
    }
}
