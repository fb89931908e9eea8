// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.channel.Address;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * System V queues, semaphore sets and shared memory. None is ever called stale: they carry no sign
 * of who uses them, and to outlive every process is what they are for.
 */
public final class SysvInventory implements Inventory {
    private static final int PERMISSION_BITS = 0777;

    @Override
    public Set<String> kinds() {
        return Arrays.stream(SysvKind.values())
                .map(kind -> kind.scheme)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<IpcObject> list(String kind) {
        return SysvKind.of(kind).map(SysvInventory::list).orElse(List.of());
    }

    @Override
    public Optional<IpcObject> info(String uri) {
        Address address = Address.parse(uri);
        return SysvKind.of(address.scheme()).flatMap(kind -> info(kind, address));
    }

    @Override
    public boolean remove(String uri) {
        Address address = Address.parse(uri);
        Optional<SysvKind> kind = SysvKind.of(address.scheme());
        kind.ifPresent(known ->
                Removal.of(() -> remove(known, address), "kith ls --kind " + known.scheme));
        return kind.isPresent();
    }

    /**
     * By id, because to open a semaphore set by its key may wait; what is not there is opened by
     * its key all the same, which says so.
     */
    private static void remove(SysvKind kind, Address address) {
        find(kind, address)
                .map(row -> kind.openId(row.id()))
                .orElseGet(() -> kind.open(address))
                .unlink();
    }

    private static List<IpcObject> list(SysvKind kind) {
        List<SysvTable.Row> rows = SysvTable.read(kind.file);
        if (rows.isEmpty()) {
            return List.of();
        }
        Users users = new Users();
        SysvAttachments attachments = new SysvAttachments();
        return rows.stream()
                .map(row -> object(kind, row, users, attachments, details(kind, row)))
                .toList();
    }

    private static Optional<IpcObject> info(SysvKind kind, Address address) {
        Optional<SysvTable.Row> found = find(kind, address);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        SysvTable.Row row = found.get();
        Map<String, String> details = details(kind, row);
        try {
            kind.inspect(row.id(), details);
        } catch (IpcException deniedOrGone) {
            details.put("not shown", deniedOrGone.getMessage());
        }
        return Optional.of(object(kind, row, new Users(), new SysvAttachments(), details));
    }

    private static Optional<SysvTable.Row> find(SysvKind kind, Address address) {
        String name = SysvNames.name(address);
        return SysvTable.read(kind.file).stream().filter(row -> row.isNamed(name)).findFirst();
    }

    private static Map<String, String> details(SysvKind kind, SysvTable.Row row) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("id", Integer.toString(row.id()));
        kind.describe(row, details);
        return details;
    }

    private static IpcObject object(
            SysvKind kind,
            SysvTable.Row row,
            Users users,
            SysvAttachments attachments,
            Map<String, String> details) {
        return new IpcObject(
                kind.scheme,
                kind.scheme + ":" + row.name(),
                users.name(row.number("uid")),
                row.mode() & PERMISSION_BITS,
                kind.sizeBytes(row),
                kind.depth(row),
                row.modified(),
                kind.users(row, attachments),
                false,
                details);
    }
}
