// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import dev.kith.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory of one small ring, for a stress test: a piece of a file in /dev/shm that is mapped
 * twice. Each side works by a mapping of its own, as two processes do, so that nothing follows from
 * two accesses having the same address. The file has no name any more when the first test begins.
 */
final class Slice implements Parties {
    private static final int BYTES = 2048;

    /** More than the harness has in use at once: the stride of kith-bench/run. */
    private static final int COUNT = 8192;

    private static final int SLOTS = 3;
    private static final long CAPACITY = 512;
    private static final MemorySegment[] MAPPINGS = mapped();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Who lives; read and written by both sides, as the state of processes in the kernel is. */
    private final AtomicInteger living = new AtomicInteger();

    private final long at;

    private Slice(long at) {
        this.at = at;
        MAPPINGS[0].asSlice(at, BYTES).fill((byte) 0);
    }

    /** The next one, all zero, as a new ring is. */
    static Slice next() {
        return new Slice((NEXT.getAndIncrement() & COUNT - 1) * (long) BYTES);
    }

    /** The ring as one of the two sides sees it, 0 or 1. */
    RingMemory ring(int side, boolean many) {
        return new RingMemory(
                MAPPINGS[side].asSlice(at, RingLayout.data(SLOTS) + CAPACITY),
                SLOTS,
                CAPACITY,
                many,
                this,
                Slice::fault);
    }

    /** The same memory as a broadcast. */
    BroadcastMemory broadcast(int side) {
        long data = BroadcastLayout.data(SLOTS, CAPACITY);
        return new BroadcastMemory(
                new RingMemory(
                        MAPPINGS[side].asSlice(at, data + CAPACITY),
                        SLOTS,
                        data,
                        CAPACITY,
                        true,
                        this,
                        Slice::fault));
    }

    /** From now on somebody in that slot lives; the slot. */
    int join(int slot) {
        living.getAndUpdate(all -> all | 1 << slot);
        return slot;
    }

    /** From now on nobody in that slot lives. */
    void die(int slot) {
        living.getAndUpdate(all -> all & ~(1 << slot));
    }

    @Override
    public boolean isAlive(int slot) {
        return (living.get() & 1 << slot) != 0;
    }

    @Override
    public boolean isAlive(int slot, int generation) {
        return isAlive(slot);
    }

    @Override
    public Optional<Peer> peer(int slot) {
        return Optional.empty();
    }

    private static Broken fault(String verb, InternalError fault) {
        throw fault;
    }

    private static MemorySegment[] mapped() {
        Path path = Path.of("/dev/shm/kith-stress-" + ProcessHandle.current().pid());
        try (FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE)) {
            long bytes = (long) COUNT * BYTES;
            return new MemorySegment[] {
                file.map(MapMode.READ_WRITE, 0, bytes, Arena.global()),
                file.map(MapMode.READ_WRITE, 0, bytes, Arena.global())
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
