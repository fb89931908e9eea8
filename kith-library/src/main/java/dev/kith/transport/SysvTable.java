// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.sysv.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** The System V objects of one kind, as /proc/sysvipc lists them to everybody. */
final class SysvTable {
    private SysvTable() {}

    /** Reads msg, sem or shm; nothing where the kernel has no such objects. */
    static List<Row> read(String file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/sysvipc", file));
        } catch (IOException none) {
            return List.of();
        }
        String[] names = lines.getFirst().strip().split("\\s+");
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.strip().split("\\s+");
            Map<String, String> columns = new HashMap<>();
            for (int i = 0; i < names.length; i++) {
                columns.put(names[i], values[i]);
            }
            rows.add(new Row(columns));
        }
        return rows;
    }

    /** One object. */
    record Row(Map<String, String> columns) {
        /** A number, by the kernel's name of the column. */
        long number(String column) {
            return Long.parseLong(columns.get(column));
        }

        Key key() {
            return Key.of((int) number("key"));
        }

        int id() {
            for (String column : List.of("msqid", "semid", "shmid")) {
                if (columns.containsKey(column)) {
                    return (int) number(column);
                }
            }
            throw new IllegalStateException("no id in " + columns.keySet());
        }

        /** The permission bits, and above them the flags of shared memory. */
        int mode() {
            return Integer.parseInt(columns.get("perms"), 8);
        }

        /** What stands after the scheme. */
        String name() {
            return key().isPrivate() ? "id=" + id() : key().toString();
        }

        /** Whether it is the one that is meant by a key, or by {@code id=N}. */
        boolean isNamed(String name) {
            if (SysvNames.isId(name)) {
                return id() == SysvNames.id(name);
            }
            Key key = Key.parse(name);
            return !key.isPrivate() && key.equals(key());
        }

        Optional<Instant> time(String column) {
            long seconds = number(column);
            return seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
        }

        /** The latest of its times. */
        Optional<Instant> modified() {
            return LongStream.of(
                            columns.keySet().stream()
                                    .filter(column -> column.endsWith("time"))
                                    .mapToLong(this::number)
                                    .toArray())
                    .filter(seconds -> seconds > 0)
                    .max()
                    .stream()
                    .mapToObj(Instant::ofEpochSecond)
                    .findFirst();
        }
    }
}
