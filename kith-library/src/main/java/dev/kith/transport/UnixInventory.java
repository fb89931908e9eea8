// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.Peer;
import dev.kith.channel.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Unix sockets that have a name ({@code unix:}, {@code unix+seqpacket:}, {@code unix+dgram:}), by
 * /proc/net/unix. A connection has the name of its listener, and is counted there. A path to which
 * nobody is bound is a file that only its name finds, and that {@code info} knows all the same.
 */
public final class UnixInventory implements Inventory {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    @Override
    public Set<String> kinds() {
        return UnixTable.SCHEMES;
    }

    @Override
    public List<IpcObject> list(String kind) {
        if (!kinds().contains(kind)) {
            return List.of();
        }
        UnixTable table = UnixTable.read();
        Map<String, SortedSet<Long>> holders = holders();
        Users users = new Users();
        return table.named(kind).stream()
                .map(socket -> describe(socket, table, users, holders))
                .toList();
    }

    @Override
    public Optional<IpcObject> info(String uri) {
        Address address = Address.parse(uri);
        if (!kinds().contains(address.scheme())) {
            return Optional.empty();
        }
        String name = Addresses.path(address);
        UnixTable table = UnixTable.read();
        Optional<UnixTable.Row> socket =
                table.named(address.scheme()).stream()
                        .filter(row -> row.name().equals(name))
                        .findFirst();
        return socket.isPresent()
                ? socket.map(row -> describe(row, table, new Users(), holders()))
                : left(address.scheme(), name, table);
    }

    @Override
    public boolean remove(String uri) {
        Address address = Address.parse(uri);
        if (!kinds().contains(address.scheme())) {
            return false;
        }
        new UnixTransport().remove(address);
        return true;
    }

    private static IpcObject describe(
            UnixTable.Row socket,
            UnixTable table,
            Users users,
            Map<String, SortedSet<Long>> holders) {
        List<Peer> peers =
                holders.getOrDefault(socket.inode(), new TreeSet<>()).stream()
                        .map(Peer::of)
                        .flatMap(Optional::stream)
                        .toList();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("type", socket.type());
        details.put("state", socket.state());
        if (socket.connects()) {
            details.put("connections", Long.toString(table.connections(socket)));
        }
        Optional<File> file =
                socket.name().startsWith("@") ? Optional.empty() : File.of(socket.name());
        String owner =
                file.map(found -> users.name(found.uid))
                        .or(() -> peers.stream().findFirst().map(peer -> users.name(peer.uid())))
                        .orElse("?");
        return object(socket.scheme(), socket.name(), owner, file, peers, details);
    }

    /** A path that a dead socket has left behind; of which type it was nobody can tell. */
    private static Optional<IpcObject> left(String scheme, String name, UnixTable table) {
        if (name.startsWith("@") || table.has(name)) {
            return Optional.empty();
        }
        return File.of(name)
                .map(file ->
                        object(
                                scheme,
                                name,
                                new Users().name(file.uid),
                                Optional.of(file),
                                List.of(),
                                Map.of("state", "left behind: no socket is bound to it")));
    }

    private static IpcObject object(
            String scheme,
            String name,
            String owner,
            Optional<File> file,
            List<Peer> peers,
            Map<String, String> details) {
        return new IpcObject(
                scheme,
                new Address(scheme, name, Map.of()).toString(),
                owner,
                file.map(found -> found.mode).orElse(-1),
                -1,
                -1,
                file.map(found -> found.modified),
                peers,
                false,
                details);
    }

    /** The processes that have each socket open, by its inode. */
    private static Map<String, SortedSet<Long>> holders() {
        Map<String, SortedSet<Long>> holders = new HashMap<>();
        ProcessLinks.forEach((pid, link) -> {
            String target = Files.readSymbolicLink(link).toString();
            if (target.startsWith("socket:[")) {
                String inode = target.substring(8, target.length() - 1);
                holders.computeIfAbsent(inode, none -> new TreeSet<>()).add(pid);
            }
        });
        return holders;
    }

    /** The file of a socket. */
    private record File(int uid, int mode, Instant modified) {
        static Optional<File> of(String name) {
            try {
                Map<String, Object> stat =
                        Files.readAttributes(
                                Path.of(name),
                                "unix:mode,uid,lastModifiedTime",
                                LinkOption.NOFOLLOW_LINKS);
                int mode = (int) stat.get("mode");
                if ((mode & TYPE) != SOCKET) {
                    return Optional.empty();
                }
                Instant modified = ((FileTime) stat.get("lastModifiedTime")).toInstant();
                return Optional.of(new File((int) stat.get("uid"), mode & 07777, modified));
            } catch (IOException gone) {
                return Optional.empty();
            } catch (InvalidPathException notInThisLocale) {
                // Another program's name must not hide all others.
                return Optional.empty();
            }
        }
    }
}
