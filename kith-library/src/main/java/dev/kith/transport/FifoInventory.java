// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.Peer;
import dev.kith.channel.Address;
import dev.kith.posix.Fifo;
import dev.kith.posix.PipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * FIFOs ({@code fifo:/path}). Listed are those that a process has open; one that nobody uses is a
 * file that only its path finds, and that {@code info} knows all the same.
 */
public final class FifoInventory implements Inventory {
    private static final String KIND = "fifo";

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public List<IpcObject> list(String kind) {
        if (!kind.equals(KIND)) {
            return List.of();
        }
        FifoUsers processes = new FifoUsers();
        Users users = new Users();
        return processes.paths().stream()
                .flatMap(path -> look(path, users, processes, Map.of()).stream())
                .toList();
    }

    @Override
    public Optional<IpcObject> info(String uri) {
        Address address = Address.parse(uri);
        if (!address.scheme().equals(KIND)) {
            return Optional.empty();
        }
        Path path = Path.of(Addresses.path(address)).toAbsolutePath();
        FifoUsers processes = new FifoUsers();
        return look(path, new Users(), processes, details(path, processes));
    }

    @Override
    public boolean remove(String uri) {
        Address address = Address.parse(uri);
        if (!address.scheme().equals(KIND)) {
            return false;
        }
        new FifoTransport().remove(address);
        return true;
    }

    private static Optional<IpcObject> look(
            Path path, Users users, FifoUsers processes, Map<String, String> details) {
        try {
            Map<String, Object> stat =
                    Files.readAttributes(
                            path, "unix:mode,uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            int mode = (int) stat.get("mode");
            if (!FifoUsers.isFifo(mode)) {
                return Optional.empty();
            }
            Instant modified = ((FileTime) stat.get("lastModifiedTime")).toInstant();
            return Optional.of(
                    new IpcObject(
                            KIND,
                            KIND + ":" + path,
                            users.name((int) stat.get("uid")),
                            mode & 07777,
                            -1,
                            -1,
                            Optional.of(modified),
                            processes.all(path).stream()
                                    .map(Peer::of)
                                    .flatMap(Optional::stream)
                                    .toList(),
                            false,
                            details));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Map<String, String> details(Path path, FifoUsers processes) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("open for reading", FifoUsers.text(processes.readers(path)));
        details.put("open for writing", FifoUsers.text(processes.writers(path)));
        if (processes.readers(path).isEmpty()) {
            // To ask means to open, which would let a writer through that waits for a reader.
            details.put("bytes waiting", "not known without a reader");
        } else {
            details.put("bytes waiting", waiting(path));
        }
        return details;
    }

    private static String waiting(Path path) {
        try (PipeReader reader = Fifo.open(path).openForReadingNow()) {
            return Integer.toString(reader.availableBytes());
        } catch (IpcException denied) {
            return "not shown: " + denied.getMessage();
        }
    }
}
