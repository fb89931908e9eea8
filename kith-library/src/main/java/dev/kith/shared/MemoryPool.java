// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Blocks of shared memory for threads of any process, all of one size, for what is too large for a
 * message: the message carries the block's reference, which is a {@code long}.
 *
 * <pre>{@code
 * try (MemoryPool pool = MemoryPool.openOrCreate("frames", 16, 8 << 20)) {
 *     PoolBlock block = pool.allocate();
 *     fill(block.segment());
 *     sender.send(block.pass()); // a long; the message holds the block now
 * }
 *
 * try (PoolBlock block = pool.take(receiver.receive()).orElseThrow()) { // in another process
 *     use(block.segment());
 * } // and it is free for others
 * }</pre>
 *
 * <p>A block is free again when nobody holds it: no handle of the pool that is open in a living
 * process, and no message. What a process held when it died, however it died, is free when it is
 * looked for. What was passed and never taken, as who should have taken it died, or its message was
 * lost, stays {@linkplain #underWay() under way} until {@link #reclaim()}: nobody can tell that a
 * message will never be read.
 *
 * <p>24 handles of a pool can be open at once, in all processes. Room for all blocks is reserved
 * when it is made. To allocate, pass, take and close a block takes a compare-and-set and no lock.
 * What a thread wrote into a block before it passed it, a thread sees that took it.
 *
 * <p>Any thread may call any method. Those that wait can be interrupted, and throw {@link
 * dev.kith.Closed} when the handle is closed; by that all blocks that are held by it are given up.
 */
public final class MemoryPool extends SharedObject {
    private static final long serialVersionUID = 1L;

    static final Kind<MemoryPool> KIND = new Kind<>(RegionKind.POOL, Kind.ENTRIES, MemoryPool::new);

    private final transient PoolShape shape;
    private final transient PoolMemory memory;

    private MemoryPool(Opened opened) {
        PoolShape shape = PoolShape.read(opened);
        super(opened, slot -> PoolMemory.release(opened.region(), shape, slot));
        this.shape = shape;
        this.memory = new PoolMemory(member(), opened.own(), shape);
    }

    /**
     * Makes a pool in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param blocks how many blocks it has, to 2^20
     * @param blockBytes how long each is, to 2^40; rounded up to a multiple of 64
     * @return the pool
     * @throws IllegalArgumentException if there can be no such pool
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static MemoryPool create(String name, int blocks, long blockBytes) {
        return KIND.create(Place.shm(name), plan(blocks, blockBytes));
    }

    /**
     * Makes a pool in a file.
     *
     * @param path where; nothing may be there yet
     * @param blocks how many blocks it has, to 2^20
     * @param blockBytes how long each is, to 2^40; rounded up to a multiple of 64
     * @return the pool
     * @throws IllegalArgumentException if there can be no such pool
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static MemoryPool create(Path path, int blocks, long blockBytes) {
        return KIND.create(Place.file(path), plan(blocks, blockBytes));
    }

    /**
     * Makes a pool without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param blocks how many blocks it has, to 2^20
     * @param blockBytes how long each is, to 2^40; rounded up to a multiple of 64
     * @return the pool; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if there can be no such pool
     * @throws IpcException if there is no room, or no native access
     */
    public static MemoryPool anonymous(int blocks, long blockBytes) {
        return KIND.anonymous(plan(blocks, blockBytes));
    }

    /**
     * Opens a pool in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the pool
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static MemoryPool open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a pool in a file.
     *
     * @param path where it is
     * @return the pool
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static MemoryPool open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a pool in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param blocks how many blocks it has, to 2^20
     * @param blockBytes how long each is, to 2^40; rounded up to a multiple of 64
     * @return the pool
     * @throws IllegalArgumentException if there can be no such pool
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static MemoryPool openOrCreate(String name, int blocks, long blockBytes) {
        return KIND.openOrCreate(Place.shm(name), plan(blocks, blockBytes));
    }

    /**
     * Opens a pool in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param blocks how many blocks it has, to 2^20
     * @param blockBytes how long each is, to 2^40; rounded up to a multiple of 64
     * @return the pool
     * @throws IllegalArgumentException if there can be no such pool
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static MemoryPool openOrCreate(Path path, int blocks, long blockBytes) {
        return KIND.openOrCreate(Place.file(path), plan(blocks, blockBytes));
    }

    /**
     * Gets a block that nobody holds, waiting for one.
     *
     * @return the block; what is in it is what its last holder left there
     * @throws InterruptedException if the thread was interrupted
     */
    public PoolBlock allocate() throws InterruptedException {
        return block(memory.allocate(Parking.FOREVER)).orElseThrow();
    }

    /**
     * Gets a block that nobody holds, waiting for one for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return the block; empty if the time has passed
     * @throws InterruptedException if the thread was interrupted
     */
    public Optional<PoolBlock> tryAllocate(Duration timeout) throws InterruptedException {
        return block(memory.allocate(Parking.deadline(timeout)));
    }

    /**
     * Gets a block that nobody holds, if there is one now.
     *
     * @return the block; empty if there is none
     */
    public Optional<PoolBlock> tryAllocate() {
        return block(memory.tryAllocate());
    }

    /**
     * Takes over what {@link PoolBlock#pass()} passed: the message holds it no longer, this handle
     * does. Each is taken once.
     *
     * @param reference what the message carried
     * @return the block; empty if it was taken or reclaimed already
     * @throws IllegalArgumentException if that is no reference of this pool
     */
    public Optional<PoolBlock> take(long reference) {
        return block(memory.hold(reference, true) ? reference : PoolMemory.NONE);
    }

    /**
     * Holds a block in addition to those who do: the other holder keeps it, and must for as long as
     * that takes.
     *
     * @param reference of the block
     * @return the block; empty if it was free by then
     * @throws IllegalArgumentException if that is no reference of this pool
     */
    public Optional<PoolBlock> open(long reference) {
        return block(memory.hold(reference, false) ? reference : PoolMemory.NONE);
    }

    /**
     * How many blocks nobody holds, at the moment of the call.
     *
     * @return from 0 to {@link #blocks()}
     */
    public int available() {
        return memory.available();
    }

    /**
     * How many blocks were passed and not taken yet.
     *
     * @return from 0 to {@link #blocks()}
     */
    public int underWay() {
        return memory.underWay();
    }

    /**
     * Takes the blocks that are under way back from their messages: for when it is known that
     * nobody will read them. Who reads one later takes nothing.
     *
     * @return how many there were
     */
    public int reclaim() {
        return memory.reclaim();
    }

    /**
     * How many blocks there are.
     *
     * @return the number it was made with
     */
    public int blocks() {
        return shape.blocks();
    }

    /**
     * How long a block is.
     *
     * @return bytes, a multiple of 64
     */
    public long blockBytes() {
        return shape.blockBytes();
    }

    @Override
    String parameters() {
        return shape.toString();
    }

    @Override
    void settle() {
        memory.letGo();
    }

    private Optional<PoolBlock> block(long reference) {
        return reference == PoolMemory.NONE
                ? Optional.empty()
                : Optional.of(new PoolBlock(memory, reference));
    }

    private static Plan plan(int blocks, long blockBytes) {
        return PoolShape.of(blocks, blockBytes).plan();
    }
}
