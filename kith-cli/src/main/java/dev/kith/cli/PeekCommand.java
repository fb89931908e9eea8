// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.util.List;
import java.util.Optional;

/** {@code kith peek}. */
final class PeekCommand implements Command {
    private static final Option NUMBER =
            Option.value("--number", "N", "at most so many messages (all)").or("-n");

    @Override
    public Usage usage() {
        return Usage.of("peek", "URI", 1, 1, "print the messages that wait, without taking them")
                .options(NUMBER, MessagePrinter.HEX, Option.JSON)
                .examples(
                        "kith create sysvmq:4711 && kith send sysvmq:4711 hello && kith peek"
                                + " sysvmq:4711",
                        "kith peek sysvmq:4711 -n 1 --json");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        String uri = arguments.word(0);
        Address address = Address.parse(uri);
        Transport transport = Transports.of(address);
        MessagePrinter printer =
                new MessagePrinter(new Endpoint(uri, address, transport), arguments, out);
        int limit =
                (int) Math.min(arguments.number(NUMBER, Integer.MAX_VALUE, 1), Integer.MAX_VALUE);
        List<Message<byte[]>> waiting = transport.peek(address, limit);
        for (Message<byte[]> message : waiting) {
            printer.print(message, uri, Optional.empty(), Optional.empty());
        }
        if (waiting.isEmpty()) {
            out.note("no message waits in " + uri);
            return 1;
        }
        return 0;
    }
}
