// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Broken;
import dev.kith.codec.Codec;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the methods of a {@link SharedMap} are made of: keys and values as bytes, and its lock. */
final class MapCore<K, V> {
    private static final int TRIES = 64;
    private static final int FIRST_BYTES = 256;

    private final Region region;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final RobustLock lock;
    private final MapShape shape;
    private final MapMemory memory;

    MapCore(Member member, long own, Codec<K> keys, Codec<V> values, MapShape shape) {
        this.region = member.region();
        this.keys = keys;
        this.values = values;
        this.shape = shape;
        this.lock = new RobustLock(member, own, 1, false);
        this.memory = new MapMemory(region, own, shape);
    }

    RobustLock lock() {
        return lock;
    }

    int buckets() {
        return memory.buckets();
    }

    /** The entries of a bucket as they are now. */
    List<Map.Entry<K, V>> bucket(int bucket) {
        return read(() -> memory.bucket(bucket)).stream()
                .map(entry -> Map.entry(decoded(keys, entry.key()), decoded(values, entry.value())))
                .toList();
    }

    void clear() {
        lock.lockUninterruptibly(Thread.currentThread());
        locked(() -> {
            memory.clear();
            return null;
        });
    }

    /** How many entries there are; who finds that a writer has died counts them. */
    int size() {
        if (lock.recovered() || lock.owner().filter(RobustLock.Owner::gone).isPresent()) {
            lock.lockUninterruptibly(Thread.currentThread());
            locked(() -> null);
        }
        return memory.count();
    }

    /** Whether the time has not passed before it could be put. */
    boolean tryPut(K key, V value, long deadline) throws InterruptedException {
        byte[] keyBytes = encoded(keys, key, "key");
        byte[] valueBytes = encoded(values, value, "value");
        checkFits(keyBytes, valueBytes);
        Thread me = Thread.currentThread();
        if (!lock.tryLock(me) && !lock.lock(me, deadline)) {
            return false;
        }
        locked(() -> changed(keyBytes, valueBytes, _ -> true));
        return true;
    }

    /** The value of a key; null if there is none. */
    byte[] find(Object key) {
        byte[] bytes = encodedKey(key);
        return read(() -> memory.value(memory.find(bytes)));
    }

    /** Reads without the lock, and with it after some tries. */
    <T> T read(Supplier<T> reading) {
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                long changes = memory.changes();
                T found = null;
                Broken broken = null;
                try {
                    found = reading.get();
                } catch (Broken maybeNot) {
                    broken = maybeNot;
                }
                if (memory.isStill(changes)) {
                    if (broken != null) {
                        throw broken;
                    }
                    return found;
                }
                Thread.onSpinWait();
            }
        } catch (InternalError cut) {
            throw region.broken("read", cut);
        }
        lock.lockUninterruptibly(Thread.currentThread());
        return locked(reading);
    }

    /** What the value of the key was before, which tells whether it was changed. */
    byte[] change(K key, V value, Predicate<byte[]> when) {
        byte[] keyBytes = encodedKey(key);
        byte[] valueBytes = encoded(values, value, "value");
        checkFits(keyBytes, valueBytes);
        lock.lockUninterruptibly(Thread.currentThread());
        return locked(() -> changed(keyBytes, valueBytes, when));
    }

    /** What the value of the key was before, which tells whether it was removed. */
    byte[] removed(Object key, Predicate<byte[]> when) {
        byte[] keyBytes = encodedKey(key);
        lock.lockUninterruptibly(Thread.currentThread());
        return locked(() -> changed(keyBytes, null, when));
    }

    private byte[] changed(byte[] key, byte[] value, Predicate<byte[]> when) {
        MapMemory.Spot spot = memory.find(key);
        byte[] was = memory.value(spot);
        if (!when.test(was)) {
            return was;
        }
        if (value == null) {
            memory.remove(spot);
        } else if (was == null && memory.isFull()) {
            throw new IllegalStateException(
                    "put into "
                            + name()
                            + ": it is full: "
                            + shape
                            + "; remove some, or make a larger one");
        } else {
            memory.put(spot, key, value);
        }
        return was;
    }

    /** Does what takes the lock, which this thread has, and gives it back. */
    private <T> T locked(Supplier<T> action) {
        try {
            if (lock.recovered()) {
                memory.repair();
                lock.markConsistent();
            }
            return action.get();
        } catch (InternalError cut) {
            throw region.broken("change", cut);
        } finally {
            if (lock.isOwner(Thread.currentThread())) {
                lock.unlock(); // else the handle was closed, and another has taken it over
            }
        }
    }

    boolean isValue(byte[] bytes, Object expected) {
        return bytes != null
                && (decoded(values, bytes).equals(expected) || isWrittenAs(bytes, expected));
    }

    /** Arrays are equal to none but themselves. */
    @SuppressWarnings("unchecked") // it is of the class of the values
    private boolean isWrittenAs(byte[] bytes, Object expected) {
        return decoded(values, bytes).getClass().isInstance(expected)
                && Arrays.equals(bytes, encoded(values, (V) expected, "value"));
    }

    @SuppressWarnings("unchecked") // the codec throws ClassCastException, as maps do
    private byte[] encodedKey(Object key) {
        return encoded(keys, (K) key, "key");
    }

    private static <T> byte[] encoded(Codec<T> codec, T value, String what) {
        Objects.requireNonNull(value, what);
        byte[] bytes =
                new byte
                        [codec.fixedBytes() < 0
                                ? FIRST_BYTES
                                : Math.toIntExact(codec.fixedBytes())];
        long length = codec.encode(value, MemorySegment.ofArray(bytes));
        while (length > bytes.length) {
            bytes = new byte[Math.toIntExact(length)];
            length = codec.encode(value, MemorySegment.ofArray(bytes));
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, (int) length);
    }

    private static <T> T decoded(Codec<T> codec, byte[] bytes) {
        return codec.decode(MemorySegment.ofArray(bytes));
    }

    V decodedOrNull(byte[] bytes) {
        return bytes == null ? null : decoded(values, bytes);
    }

    private void checkFits(byte[] key, byte[] value) {
        if ((long) key.length + value.length > shape.entryBytes()) {
            throw new IllegalArgumentException(
                    "put into "
                            + name()
                            + ": entry too large: key="
                            + key.length
                            + ", value="
                            + value.length
                            + ", limit="
                            + shape.entryBytes()
                            + " bytes together (entryBytes)");
        }
    }

    private String name() {
        return "map " + region;
    }
}
