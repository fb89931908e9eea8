// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * /proc/net/unix: the Unix sockets of this network namespace. proc_net(5)
 *
 * <pre>
 *   Num: RefCount Protocol Flags Type St Inode Path
 *   ffff8881: 00000002 00000000 00010000 0001 01 20412 /run/user/1000/bus
 * </pre>
 */
final class UnixTable {
    private static final Map<Integer, String> TYPES =
            Map.of(1, "unix", 2, "unix+dgram", 5, "unix+seqpacket");
    private static final Set<Integer> CONNECTING = Set.of(1, 5);
    private static final int LISTENING = 0x10000;
    private static final int CONNECTED = 3;

    static final Set<String> SCHEMES = Set.copyOf(TYPES.values());

    private final List<Row> rows;

    private UnixTable(List<Row> rows) {
        this.rows = rows;
    }

    /** One socket with a name. */
    record Row(int number, int flags, int status, String inode, String name) {
        private static Row of(String line) {
            String[] fields = line.split(" +", 8);
            try {
                return fields.length < 8
                        ? null
                        : new Row(
                                Integer.parseInt(fields[4], 16),
                                Integer.parseUnsignedInt(fields[3], 16),
                                Integer.parseInt(fields[5], 16),
                                fields[6],
                                fields[7]);
            } catch (NumberFormatException heading) {
                return null;
            }
        }

        String scheme() {
            return TYPES.getOrDefault(number, "");
        }

        String type() {
            return switch (number) {
                case 1 -> "stream";
                case 2 -> "datagrams";
                case 5 -> "packets";
                default -> "type " + number;
            };
        }

        boolean connects() {
            return CONNECTING.contains(number);
        }

        boolean isConnection() {
            return connects() && status == CONNECTED;
        }

        String state() {
            if ((flags & LISTENING) != 0) {
                return "listening";
            }
            return connects() ? "bound, not listening" : "bound";
        }
    }

    static UnixTable read() {
        try {
            return new UnixTable(
                    Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1)
                            .stream()
                            .map(UnixTable::utf8)
                            .map(Row::of)
                            .filter(Objects::nonNull)
                            .toList());
        } catch (IOException notLinux) {
            return new UnixTable(List.of());
        }
    }

    /** Those that can be reached by their name, in the order of the names. */
    List<Row> named(String scheme) {
        return rows.stream()
                .filter(row -> row.scheme().equals(scheme) && !row.isConnection())
                .sorted(Comparator.comparing(Row::name))
                .toList();
    }

    /** Whether any socket has that name. */
    boolean has(String name) {
        return rows.stream().anyMatch(row -> row.name().equals(name));
    }

    /** How many were accepted on a listener, or wait to be. */
    long connections(Row listener) {
        return rows.stream()
                .filter(row -> row.isConnection() && row.number() == listener.number())
                .filter(row -> row.name().equals(listener.name()))
                .count();
    }

    /** The kernel writes the bytes of a name as they are. */
    private static String utf8(String line) {
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
