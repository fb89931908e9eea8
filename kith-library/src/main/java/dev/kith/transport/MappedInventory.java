// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.channel.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files in which Kith shares memory ({@code mmap:/path}). Listed are those that a process has
 * mapped; one that nobody uses is a file that only its path finds, and that {@code info} knows all
 * the same. None is called stale: to survive all processes is what they are for.
 */
public final class MappedInventory implements Inventory {
    private static final String KIND = "mmap";

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public List<IpcObject> list(String kind) {
        if (!kind.equals(KIND)) {
            return List.of();
        }
        MappedUsers processes = new MappedUsers();
        Users users = new Users();
        return processes.files().stream()
                .flatMap(file -> look(file, users, processes).stream())
                .toList();
    }

    @Override
    public Optional<IpcObject> info(String uri) {
        return path(uri).flatMap(file -> look(file, new Users(), new MappedUsers()));
    }

    @Override
    public boolean remove(String uri) {
        Optional<Path> file = path(uri);
        file.ifPresent(MappedInventory::remove);
        return file.isPresent();
    }

    private static Optional<Path> path(String uri) {
        Address address = Address.parse(uri);
        return address.scheme().equals(KIND)
                ? Optional.of(Path.of(Addresses.path(address)).toAbsolutePath())
                : Optional.empty();
    }

    private static void remove(Path file) {
        try {
            if (RegionView.of(file).isPresent() && Files.deleteIfExists(file)) {
                return;
            }
        } catch (IOException failed) {
            throw new IpcException("unlink(\"" + file + "\"): " + failed, failed);
        }
        throw new NotFound(
                KIND
                        + ":"
                        + file
                        + ": there is no memory of Kith to remove; any other file: rm "
                        + file);
    }

    private static Optional<IpcObject> look(Path file, Users users, MappedUsers processes) {
        return RegionView.of(file).flatMap(region -> describe(file, region, users, processes));
    }

    private static Optional<IpcObject> describe(
            Path file, RegionView region, Users users, MappedUsers processes) {
        try {
            Map<String, Object> stat =
                    Files.readAttributes(
                            file, "unix:mode,uid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            Instant modified = ((FileTime) stat.get("lastModifiedTime")).toInstant();
            return Optional.of(
                    new IpcObject(
                            KIND,
                            new Address(KIND, file.toString(), Map.of()).toString(),
                            users.name((int) stat.get("uid")),
                            (int) stat.get("mode") & 07777,
                            (long) stat.get("size"),
                            region.depth(),
                            Optional.of(modified),
                            processes.of(file),
                            false,
                            region.details()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
