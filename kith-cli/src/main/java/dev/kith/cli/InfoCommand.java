// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.channel.Address;

/** {@code kith info}. */
final class InfoCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("info", "URI", 1, 1, "print everything known of one object")
                .options(Option.JSON)
                .examples("kith create mq:/jobs && kith info mq:/jobs");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        String uri = arguments.word(0);
        String kind = Address.parse(uri).scheme();
        if (!Inventories.kinds().contains(kind)) {
            throw new IllegalArgumentException(
                    uri
                            + ": objects of the kind "
                            + kind
                            + " are not listed: known are "
                            + String.join(" ", Inventories.kinds()));
        }
        IpcObject object =
                Inventories.info(uri)
                        .orElseThrow(() ->
                                new NotFound(
                                        uri
                                                + ": there is no such object; those there are: kith"
                                                + " ls --kind "
                                                + kind));
        ObjectPrinter.printOne(object, arguments.has(Option.JSON), out);
        return 0;
    }
}
