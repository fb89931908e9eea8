// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code kith mechanisms}. */
final class MechanismsCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of(
                        "mechanisms",
                        "",
                        0,
                        0,
                        "list the mechanisms, what they can do and their options")
                .options(Option.JSON)
                .examples("kith mechanisms", "kith mechanisms --json");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        if (arguments.has(Option.JSON)) {
            List<Object> array = new ArrayList<>();
            for (Transport transport : Transports.all()) {
                array.add(json(transport));
            }
            out.line(Json.lines(array));
            return 0;
        }
        Table table = new Table("SCHEME", "SYNTAX", "SUMMARY", "OPTIONS", "TRAITS");
        for (Transport transport : Transports.all()) {
            table.row(
                    transport.scheme(),
                    transport.syntax(),
                    transport.summary(),
                    transport.options().isEmpty()
                            ? "-"
                            : String.join(" ", transport.options().keySet()),
                    String.join(" ", names(transport.traits())));
        }
        out.line(table.toString().stripTrailing());
        return 0;
    }

    private static Map<String, Object> json(Transport transport) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scheme", transport.scheme());
        json.put("syntax", transport.syntax());
        json.put("summary", transport.summary());
        json.put("traits", names(transport.traits()));
        json.put("options", transport.options());
        return json;
    }

    /** In the order of declaration, whatever the set's. */
    private static List<String> names(Set<Trait> traits) {
        List<String> names = new ArrayList<>();
        for (Trait trait :
                traits.isEmpty() ? EnumSet.noneOf(Trait.class) : EnumSet.copyOf(traits)) {
            names.add(trait.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return names;
    }
}
