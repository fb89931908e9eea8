// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.channel.Address;
import dev.kith.posix.FileStatus;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.QueueAttributes;
import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of POSIX objects, where a listing shows them differently. */
enum PosixKind {
    QUEUE("mq") {
        @Override
        List<String> names() {
            return MessageQueue.list();
        }

        @Override
        Optional<IpcObject> look(String name, Users users, FileUsers processes) {
            List<Peer> holders = processes.ofQueue(name);
            for (MessageQueue.Access access : MessageQueue.Access.values()) {
                try (MessageQueue queue = MessageQueue.open(name, access)) {
                    return Optional.of(describe(queue, users, holders));
                } catch (NotFound gone) {
                    return Optional.empty();
                } catch (Denied tryOtherwise) {
                    // Its mode may let this user send but not receive.
                }
            }
            return Optional.of(
                    object(name, UNKNOWN, -1, -1, -1, Optional.empty(), holders, Map.of()));
        }

        @Override
        void unlink(String name) {
            MessageQueue.unlink(name);
        }

        private IpcObject describe(MessageQueue queue, Users users, List<Peer> holders) {
            QueueAttributes attributes = queue.attributes();
            FileStatus status = queue.status();
            Map<String, String> details = new LinkedHashMap<>();
            details.put("capacity", attributes.capacity() + " messages");
            details.put("longest message", attributes.maxMessageBytes() + " bytes");
            return object(
                    queue.name(),
                    users.name(status.uid()),
                    status.mode(),
                    (long) attributes.capacity() * attributes.maxMessageBytes(),
                    attributes.messages(),
                    Optional.of(status.modified()),
                    holders,
                    details);
        }
    },
    SEMAPHORE("psem") {
        @Override
        List<String> names() {
            return ShmFiles.semaphores();
        }

        @Override
        Optional<IpcObject> look(String name, Users users, FileUsers processes) {
            return ShmFiles.semaphore(name)
                    .map(file -> {
                        Map<String, String> details = new LinkedHashMap<>();
                        long value = inspect(name, details);
                        return object(
                                name,
                                users.name(file.uid()),
                                file.mode(),
                                file.sizeBytes(),
                                value,
                                Optional.of(file.modified()),
                                processes.ofMemory(file.inode()),
                                details);
                    });
        }

        @Override
        void unlink(String name) {
            Semaphore.unlink(name);
        }

        private long inspect(String name, Map<String, String> details) {
            try (Semaphore semaphore = Semaphore.open(name)) {
                details.put("waiting", semaphore.waiters() + " threads");
                return semaphore.value();
            } catch (IpcException deniedOrGoneOrNoSemaphore) {
                details.put("not shown", deniedOrGoneOrNoSemaphore.getMessage());
                return -1;
            }
        }
    },
    MEMORY("shm") {
        /** With the slash, that the address of a channel need not have. */
        @Override
        String name(Address address) {
            String path = address.path();
            return path.isEmpty() || path.startsWith("/") ? path : "/" + path;
        }

        @Override
        List<String> names() {
            return ShmFiles.memories();
        }

        @Override
        Optional<IpcObject> look(String name, Users users, FileUsers processes) {
            return ShmFiles.memory(name)
                    .map(file -> {
                        List<Peer> holders = processes.ofMemory(file.inode());
                        RegionView ours = RegionView.of(name);
                        return object(
                                name,
                                users.name(file.uid()),
                                file.mode(),
                                file.sizeBytes(),
                                ours.depth(),
                                Optional.of(file.modified()),
                                holders,
                                ours.stale(),
                                ours.details());
                    });
        }

        @Override
        void unlink(String name) {
            SharedMemory.unlink(name);
        }
    };

    private static final String UNKNOWN = "?";

    final String scheme;

    PosixKind(String scheme) {
        this.scheme = scheme;
    }

    static Optional<PosixKind> of(String scheme) {
        return Arrays.stream(values()).filter(kind -> kind.scheme.equals(scheme)).findFirst();
    }

    /** The name that an address says. */
    String name(Address address) {
        return address.path();
    }

    /** The names of those that exist, in alphabetical order. */
    abstract List<String> names();

    /** What is known of one; empty if there is none. */
    abstract Optional<IpcObject> look(String name, Users users, FileUsers processes);

    abstract void unlink(String name);

    IpcObject object(
            String name,
            String owner,
            int mode,
            long sizeBytes,
            long depth,
            Optional<Instant> modified,
            List<Peer> holders,
            Map<String, String> details) {
        return object(name, owner, mode, sizeBytes, depth, modified, holders, false, details);
    }

    IpcObject object(
            String name,
            String owner,
            int mode,
            long sizeBytes,
            long depth,
            Optional<Instant> modified,
            List<Peer> holders,
            boolean stale,
            Map<String, String> details) {
        String uri = new Address(scheme, name, Map.of()).toString();
        return new IpcObject(
                scheme, uri, owner, mode, sizeBytes, depth, modified, holders, stale, details);
    }
}
