// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** The inventories that are there. */
final class Inventories {
    private Inventories() {}

    static List<Inventory> all() {
        List<Inventory> all = new ArrayList<>();
        for (Inventory inventory : ServiceLoader.load(Inventory.class)) {
            all.add(inventory);
        }
        return all;
    }

    /** Every kind of object that can be listed. */
    static Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        for (Inventory inventory : all()) {
            kinds.addAll(inventory.kinds());
        }
        return kinds;
    }

    /** Everything known of one object, or empty if nobody knows it. */
    static Optional<IpcObject> info(String uri) {
        for (Inventory inventory : all()) {
            Optional<IpcObject> object = inventory.info(uri);
            if (object.isPresent()) {
                return object;
            }
        }
        return Optional.empty();
    }

    /** What a URI may begin with. */
    static String schemesAndKinds() {
        Set<String> known = kinds();
        for (Transport transport : Transports.all()) {
            known.add(transport.scheme());
        }
        StringJoiner text = new StringJoiner(": ", "", ":");
        for (String each : known) {
            text.add(each);
        }
        return text.toString();
    }
}
