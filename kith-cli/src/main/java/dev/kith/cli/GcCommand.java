// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.Peer;
import dev.kith.shared.Leftover;
import dev.kith.shared.Reaper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code kith gc}. */
final class GcCommand implements Command {
    private static final Option DRY_RUN =
            Option.flag("--dry-run", "only print what would be removed");

    @Override
    public Usage usage() {
        return Usage.of(
                        "gc",
                        "[FOLDER…]",
                        0,
                        Usage.ANY,
                        "remove what dead processes left behind, and print it")
                .options(DRY_RUN, Option.JSON)
                .examples("kith gc --dry-run", "kith gc")
                .details(
                        "Removed is only what Kith has made, when a process that used it has ended"
                            + " without closing it and none that\n"
                            + "runs uses it; objects of other programs are removed by kith rm"
                            + " alone. Files (mmap:) are meant to survive: only\n"
                            + "the folders given are looked at for them, and then nothing else.");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        boolean dry = arguments.has(DRY_RUN);
        List<IpcObject> removed = new ArrayList<>();
        int status =
                arguments.words().isEmpty()
                        ? sweep(dry, removed, out)
                        : sweep(arguments.words(), dry, removed, out);
        if (arguments.has(Option.JSON)) {
            ObjectPrinter.print(removed, true, out);
        } else {
            removed.forEach(object -> out.line(object.uri()));
        }
        return status;
    }

    private static int sweep(boolean dry, List<IpcObject> removed, Output out) {
        int status = 0;
        for (Inventory inventory : Inventories.all()) {
            for (String kind : new TreeSet<>(inventory.kinds())) {
                try {
                    for (IpcObject object : inventory.list(kind)) {
                        if (object.stale() && (dry || inventory.sweep(object.uri()))) {
                            removed.add(object);
                        }
                    }
                } catch (IpcException failed) {
                    out.note(out.errorPrefix() + kind + ": " + failed.getMessage());
                    status = 1;
                }
            }
        }
        return status;
    }

    private static int sweep(
            List<String> folders, boolean dry, List<IpcObject> removed, Output out) {
        List<Path> paths = folders.stream().map(GcCommand::folder).toList();
        int status = 0;
        for (Path path : paths) {
            for (Leftover leftover : Reaper.find(path)) {
                try {
                    if (dry || Reaper.remove(leftover)) {
                        removed.add(object(leftover));
                    }
                } catch (IpcException failed) {
                    out.note(out.errorPrefix() + failed.getMessage());
                    status = 1;
                }
            }
        }
        return status;
    }

    private static Path folder(String word) {
        Path path = Path.of(word);
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(word + ": no folder: what to look into is one");
        }
        return path;
    }

    private static IpcObject object(Leftover leftover) {
        return new IpcObject(
                leftover.uri().replaceFirst(":.*", ""),
                leftover.uri(),
                "",
                -1,
                leftover.sizeBytes(),
                -1,
                Optional.empty(),
                List.of(),
                true,
                Map.of(
                        "made by Kith",
                        leftover.kind(),
                        "attached and dead",
                        leftover.dead().stream()
                                .map(Peer::toString)
                                .collect(Collectors.joining(", "))));
    }
}
