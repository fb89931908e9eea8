// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code kith ls}. */
final class LsCommand implements Command {
    private static final Option KIND =
            Option.value("--kind", "K", "only this kind of object, or several: mq,sysvmq");
    private static final Option STALE =
            Option.flag("--stale", "only what dead processes left behind");

    @Override
    public Usage usage() {
        return Usage.of("ls", "", 0, 0, "list the IPC objects of this machine")
                .options(KIND, STALE, Option.JSON)
                .examples("kith ls", "kith ls --kind mq --json")
                .details(
                        "Depth is the number of messages that wait, or the value of a semaphore."
                            + " Users are the processes known to\n"
                            + "use it; without privilege only your own. Age is the time since it"
                            + " last changed.");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        Set<String> wanted = wanted(arguments.text(KIND));
        List<IpcObject> objects = new ArrayList<>();
        int status = 0;
        for (Inventory inventory : Inventories.all()) {
            for (String kind : new TreeSet<>(inventory.kinds())) {
                if (!wanted.isEmpty() && !wanted.contains(kind)) {
                    continue;
                }
                try {
                    objects.addAll(inventory.list(kind));
                } catch (IpcException failed) {
                    out.note(out.errorPrefix() + kind + ": " + failed.getMessage());
                    status = 1;
                }
            }
        }
        if (arguments.has(STALE)) {
            objects.removeIf(object -> !object.stale());
        }
        ObjectPrinter.print(objects, arguments.has(Option.JSON), out);
        return status;
    }

    private static Set<String> wanted(Optional<String> given) {
        if (given.isEmpty()) {
            return Set.of();
        }
        Set<String> wanted = new TreeSet<>(List.of(given.get().split(",")));
        Set<String> known = Inventories.kinds();
        for (String kind : wanted) {
            if (!known.contains(kind)) {
                throw new IllegalArgumentException(
                        "no kind " + kind + ": known are " + String.join(" ", known));
            }
        }
        return wanted;
    }
}
