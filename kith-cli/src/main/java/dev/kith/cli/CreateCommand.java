// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.channel.Address;
import dev.kith.channel.Transports;
import java.util.Map;

/** {@code kith create}. */
final class CreateCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("create", "URI", 1, 1, "make an object and print its URI")
                .options(Option.JSON)
                .examples(
                        "kith create fifo:/tmp/jobs",
                        "kith create 'mq:/jobs?capacity=10'",
                        "queue=$(kith create sysvmq:) && kith send $queue hello && kith recv"
                                + " $queue")
                .details(
                        "What the URI leaves open is picked: sysvmq: makes a free key. Its options:"
                                + " kith mechanisms SCHEME.");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        Address address = Address.parse(arguments.word(0));
        String made = Transports.of(address).create(address).toString();
        out.line(arguments.has(Option.JSON) ? Json.of(Map.of("uri", made)) : made);
        return 0;
    }
}
