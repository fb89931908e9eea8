// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.Peer;
import dev.kith.channel.Address;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.SemaphoreSet;
import dev.kith.sysv.SharedMemory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of System V objects, where a listing shows them differently. */
enum SysvKind {
    QUEUE("sysvmq", "msg") {
        @Override
        Named open(Address address) {
            return SysvNames.queue(address);
        }

        @Override
        Named openId(int id) {
            return MessageQueue.openId(id);
        }

        @Override
        long sizeBytes(SysvTable.Row row) {
            return row.number("cbytes");
        }

        @Override
        long depth(SysvTable.Row row) {
            return row.number("qnum");
        }

        @Override
        void describe(SysvTable.Row row, Map<String, String> details) {
            process(details, "last sender", row.number("lspid"), row.time("stime"));
            time(details, "last send", row.time("stime"));
            process(details, "last receiver", row.number("lrpid"), row.time("rtime"));
            time(details, "last receive", row.time("rtime"));
        }

        @Override
        void inspect(int id, Map<String, String> details) {
            try (MessageQueue queue = MessageQueue.openId(id)) {
                details.put("capacity", Long.toString(queue.capacityBytes()));
                details.put("longest message", Long.toString(queue.maxMessageBytes()));
            }
        }
    },
    SEMAPHORES("sysvsem", "sem") {
        @Override
        Named open(Address address) {
            return SysvNames.open(address, SemaphoreSet::openId, SemaphoreSet::open);
        }

        @Override
        Named openId(int id) {
            return SemaphoreSet.openId(id);
        }

        @Override
        long depth(SysvTable.Row row) {
            if (row.number("nsems") > 1) {
                return -1;
            }
            try (SemaphoreSet set = SemaphoreSet.openId(row.id())) {
                return set.value(0);
            } catch (IpcException deniedOrGone) {
                return -1;
            }
        }

        @Override
        void describe(SysvTable.Row row, Map<String, String> details) {
            details.put("semaphores", Long.toString(row.number("nsems")));
            time(details, "last operation", row.time("otime"));
        }

        @Override
        void inspect(int id, Map<String, String> details) {
            try (SemaphoreSet set = SemaphoreSet.openId(id)) {
                int[] values = set.values();
                details.put("values", Arrays.toString(values));
                for (int i = 0; i < values.length; i++) {
                    waiting(details, "waiting for more of " + i, set.waitingForIncrease(i));
                    waiting(details, "waiting for 0 of " + i, set.waitingForZero(i));
                    process(details, "last user of " + i, set.lastPid(i), Optional.empty());
                }
            }
        }
    },
    MEMORY("sysvshm", "shm") {
        /** Flags above the permission bits: SHM_DEST, SHM_LOCKED. */
        private static final int REMOVED = 01000;

        private static final int LOCKED = 02000;

        @Override
        Named open(Address address) {
            return SysvNames.open(address, SharedMemory::openId, SharedMemory::open);
        }

        @Override
        Named openId(int id) {
            return SharedMemory.openId(id);
        }

        @Override
        long sizeBytes(SysvTable.Row row) {
            return row.number("size");
        }

        @Override
        List<Peer> users(SysvTable.Row row, SysvAttachments attachments) {
            return row.number("nattch") == 0 ? List.of() : attachments.of(row.id());
        }

        @Override
        void describe(SysvTable.Row row, Map<String, String> details) {
            details.put("attachments", Long.toString(row.number("nattch")));
            process(details, "creator", row.number("cpid"), row.time("ctime"));
            process(details, "last user", row.number("lpid"), latest(row));
            time(details, "last attach", row.time("atime"));
            time(details, "last detach", row.time("dtime"));
            if ((row.mode() & REMOVED) != 0) {
                details.put("removed", "yes; gone with the last detach");
            }
            if ((row.mode() & LOCKED) != 0) {
                details.put("locked", "in memory");
            }
        }

        private static Optional<Instant> latest(SysvTable.Row row) {
            Optional<Instant> attach = row.time("atime");
            Optional<Instant> detach = row.time("dtime");
            return detach.isPresent() && detach.get().isAfter(attach.orElse(Instant.MIN))
                    ? detach
                    : attach;
        }
    };

    final String scheme;
    final String file;

    SysvKind(String scheme, String file) {
        this.scheme = scheme;
        this.file = file;
    }

    static Optional<SysvKind> of(String scheme) {
        return Arrays.stream(values()).filter(kind -> kind.scheme.equals(scheme)).findFirst();
    }

    /** Opens by the name in an address. */
    abstract Named open(Address address);

    abstract Named openId(int id);

    long sizeBytes(SysvTable.Row row) {
        return -1;
    }

    long depth(SysvTable.Row row) {
        return -1;
    }

    List<Peer> users(SysvTable.Row row, SysvAttachments attachments) {
        return List.of();
    }

    /** Adds what everybody may know. */
    abstract void describe(SysvTable.Row row, Map<String, String> details);

    /** Adds what only those may know whom the object lets in. */
    void inspect(int id, Map<String, String> details) {}

    private static void time(Map<String, String> details, String name, Optional<Instant> time) {
        time.ifPresent(at -> details.put(name, at.toString()));
    }

    private static void waiting(Map<String, String> details, String name, int count) {
        if (count > 0) {
            details.put(name, Integer.toString(count));
        }
    }

    /** Adds a process; one that started after the time at which it was here last is another one. */
    private static void process(
            Map<String, String> details, String name, long pid, Optional<Instant> seen) {
        if (pid > 0) {
            details.put(name, pid + (isAlive(pid, seen) ? "" : " (ended)"));
        }
    }

    private static boolean isAlive(long pid, Optional<Instant> seen) {
        Optional<Instant> started =
                ProcessHandle.of(pid).flatMap(each -> each.info().startInstant());
        boolean another =
                started.isPresent()
                        && seen.isPresent()
                        && started.get().isAfter(seen.get().plusSeconds(2));
        return Peer.of(pid).isPresent() && !another;
    }
}
