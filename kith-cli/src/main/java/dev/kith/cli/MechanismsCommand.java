// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.channel.Address;
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
import java.util.TreeMap;

/** {@code kith mechanisms}. */
final class MechanismsCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("mechanisms", "[SCHEME]", 0, 1, "list the mechanisms and what they can do")
                .options(Option.JSON)
                .examples("kith mechanisms", "kith mechanisms mq", "kith mechanisms --json")
                .details(
                        "With a SCHEME: that one in full, with the options that its URIs may"
                                + " have.");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        boolean json = arguments.has(Option.JSON);
        if (!arguments.words().isEmpty()) {
            Transport transport = named(arguments.word(0));
            out.line(json ? Json.of(json(transport)) : inFull(transport));
        } else if (json) {
            out.line(Json.lines(Transports.all().stream().map(MechanismsCommand::json).toList()));
        } else {
            out.line(table());
        }
        return 0;
    }

    private static Transport named(String scheme) {
        String bare = scheme.endsWith(":") ? scheme.substring(0, scheme.length() - 1) : scheme;
        return Transports.of(new Address(bare, "", Map.of()));
    }

    private static String table() {
        Table table = new Table("SCHEME", "SUMMARY", "TRAITS", "SYNTAX");
        for (Transport transport : Transports.all()) {
            table.row(
                    transport.scheme(),
                    transport.summary(),
                    String.join(" ", names(transport.traits())),
                    transport.syntax());
        }
        return table.toString().stripTrailing();
    }

    private static String inFull(Transport transport) {
        Table table = new Table();
        table.row("scheme", transport.scheme());
        table.row("summary", transport.summary());
        table.row("syntax", transport.syntax());
        table.row("traits", String.join(" ", names(transport.traits())));
        for (Map.Entry<String, String> option : new TreeMap<>(transport.options()).entrySet()) {
            table.row("?" + option.getKey() + "=", option.getValue());
        }
        return table.toString().stripTrailing();
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
