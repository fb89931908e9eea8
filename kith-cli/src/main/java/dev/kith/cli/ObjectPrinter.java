// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcObject;
import dev.kith.Peer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Prints IPC objects: as a table, one in full, or as JSON. */
final class ObjectPrinter {
    private static final String NONE = "-";

    private ObjectPrinter() {}

    static void print(List<IpcObject> objects, boolean json, Output out) {
        if (json) {
            List<Object> array = new ArrayList<>();
            for (IpcObject object : objects) {
                array.add(json(object));
            }
            out.line(Json.lines(array));
            return;
        }
        Table table = new Table("KIND", "URI", "OWNER", "MODE", "SIZE", "DEPTH", "USERS", "AGE");
        for (IpcObject object : objects) {
            table.row(
                    object.kind(),
                    object.uri(),
                    object.owner(),
                    mode(object),
                    number(object.sizeBytes()),
                    number(object.depth()),
                    users(object.users()),
                    age(object.modified()) + (object.stale() ? " stale" : ""));
        }
        out.line(table.toString().stripTrailing());
    }

    static void printOne(IpcObject object, boolean json, Output out) {
        if (json) {
            out.line(Json.of(json(object)));
            return;
        }
        Table table = new Table();
        table.row("kind", object.kind());
        table.row("uri", object.uri());
        table.row("owner", object.owner());
        table.row("mode", mode(object));
        table.row("size", number(object.sizeBytes()));
        table.row("depth", number(object.depth()));
        table.row("users", users(object.users()));
        table.row("modified", object.modified().map(Instant::toString).orElse(NONE));
        table.row("stale", object.stale() ? "yes" : "no");
        object.details().forEach((name, value) -> table.row(name, value));
        out.line(table.toString().stripTrailing());
    }

    private static Map<String, Object> json(IpcObject object) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", object.kind());
        json.put("uri", object.uri());
        json.put("owner", object.owner());
        json.put("mode", object.mode() < 0 ? null : mode(object));
        json.put("sizeBytes", object.sizeBytes() < 0 ? null : object.sizeBytes());
        json.put("depth", object.depth() < 0 ? null : object.depth());
        json.put("users", object.users().stream().map(Peer::pid).toList());
        json.put("modified", object.modified().map(Instant::toString).orElse(null));
        json.put("stale", object.stale());
        json.put("details", object.details());
        return json;
    }

    private static String mode(IpcObject object) {
        String octal = Integer.toOctalString(Math.max(object.mode(), 0));
        return object.mode() < 0 ? NONE : "0".repeat(Math.max(0, 4 - octal.length())) + octal;
    }

    private static String number(long number) {
        return number < 0 ? NONE : Long.toString(number);
    }

    private static String users(List<Peer> users) {
        StringJoiner pids = new StringJoiner(",");
        pids.setEmptyValue(NONE);
        for (Peer user : users) {
            pids.add(Long.toString(user.pid()));
        }
        return pids.toString();
    }

    private static String age(Optional<Instant> modified) {
        if (modified.isEmpty()) {
            return NONE;
        }
        long seconds = Math.max(0, Duration.between(modified.get(), Instant.now()).toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 2 * 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
