// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.channel.Address;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * POSIX message queues ({@code mq:/name}), named semaphores ({@code psem:/name}) and shared memory
 * ({@code shm:/name}). Stale is shared memory that Kith has made and whose users are dead. Nothing
 * else is ever called so: it carries no sign of who uses it, and to outlive every process is what
 * it is for.
 */
public final class PosixInventory implements Inventory {
    @Override
    public Set<String> kinds() {
        return Arrays.stream(PosixKind.values())
                .map(kind -> kind.scheme)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<IpcObject> list(String kind) {
        return PosixKind.of(kind).map(PosixInventory::list).orElse(List.of());
    }

    @Override
    public Optional<IpcObject> info(String uri) {
        Address address = Address.parse(uri);
        return PosixKind.of(address.scheme())
                .flatMap(kind -> kind.look(kind.name(address), new Users(), new FileUsers()));
    }

    @Override
    public boolean remove(String uri) {
        Address address = Address.parse(uri);
        Optional<PosixKind> kind = PosixKind.of(address.scheme());
        kind.ifPresent(known -> known.unlink(known.name(address)));
        return kind.isPresent();
    }

    @Override
    public boolean sweep(String uri) {
        Address address = Address.parse(uri);
        return PosixKind.of(address.scheme()).filter(PosixKind.MEMORY::equals).isPresent()
                && RegionView.sweep(PosixKind.MEMORY.name(address));
    }

    private static List<IpcObject> list(PosixKind kind) {
        Users users = new Users();
        FileUsers processes = new FileUsers();
        return kind.names().stream()
                .flatMap(name -> kind.look(name, users, processes).stream())
                .toList();
    }
}
