// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.channel.Address;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.util.ArrayList;
import java.util.List;

/** {@code kith rm}. */
final class RmCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("rm", "URI…", 1, Usage.ANY, "remove objects")
                .examples(
                        "kith create mq:/jobs && kith rm mq:/jobs",
                        "kith rm fifo:/tmp/jobs sysvmq:4711")
                .details(
                        "The URIs are those that kith ls prints. What cannot be removed does not"
                                + " keep the rest.");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        // All are checked before the first is removed: a slip of the pen removes nothing.
        List<Runnable> removals = new ArrayList<>();
        for (String uri : arguments.words()) {
            removals.add(removal(uri));
        }
        int status = 0;
        for (Runnable removal : removals) {
            try {
                removal.run();
            } catch (IpcException failed) {
                out.note(out.errorPrefix() + failed.getMessage());
                status = 1;
            }
        }
        return status;
    }

    /** Channels are removed by their transport, everything else by the inventory that lists it. */
    private static Runnable removal(String uri) {
        Address address = Address.parse(uri);
        for (Transport transport : Transports.all()) {
            if (transport.scheme().equals(address.scheme())) {
                Transports.of(address);
                return () -> transport.remove(address);
            }
        }
        for (Inventory inventory : Inventories.all()) {
            if (inventory.kinds().contains(address.scheme())) {
                return () -> inventory.remove(uri);
            }
        }
        throw new IllegalArgumentException(
                uri
                        + ": nothing of that kind is known: known are "
                        + Inventories.schemesAndKinds());
    }
}
