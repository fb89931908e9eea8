// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.codec.Codec;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A {@link ConcurrentMap} for threads of any process, of a size that is chosen when it is made.
 *
 * <pre>{@code
 * try (SharedMap<String, Long> visits =
 *         SharedMap.openOrCreate("visits", Codec.utf8(), Codec.longs(), 10_000, 64)) {
 *     visits.merge(page, 1L, Long::sum);
 * }
 * }</pre>
 *
 * <p>A key is what its bytes are: two are the same if the codec writes them alike, so keys may be
 * {@code byte[]}, too. Neither keys nor values are null. When it has as many entries as it can, who
 * puts another key is refused by {@link IllegalStateException}.
 *
 * <p>To read takes no lock, unless 64 changes came in between one after the other; who changes it
 * takes turns with others by a lock that outlives its owner, and takes no step in between that
 * others see: each change is done or not. A process may be killed anywhere: what was there is
 * there, the change that it was at is done or not, and who changes the map next finds the room that
 * it had in its hand. What a thread did in shared memory before it put a value, a thread sees that
 * got it.
 *
 * <p>Functions of {@link #compute}, {@link #merge} and their like are called without the lock, and
 * once more if another thread was faster. Iterators show every entry that is there all the time,
 * and maybe some that come or go meanwhile; they never throw {@link
 * java.util.ConcurrentModificationException}. Two maps are equal if their entries are, as for every
 * {@link Map}.
 *
 * <p>25 KiB, and for each entry its bytes and 28 more. Any thread may call any method. Those that
 * change it throw {@link dev.kith.Closed} when the handle is closed.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class SharedMap<K, V> extends SharedObject implements ConcurrentMap<K, V> {
    /*
     * The object's own part (Kind); the data and the proof are in MapMemory.
     *
     *    +0 | the lock of who changes it (RobustLock), 64 bytes
     *   +64 | changes u64   count u32   free cells u32   seed of the hash u64   capacity u32
     */
    private static final long serialVersionUID = 1L;

    private final transient Codec<K> keys;
    private final transient Codec<V> values;
    private final transient MapShape shape;
    private final transient MapCore<K, V> core;
    private final transient MapView<K, V> view;

    private SharedMap(Opened opened, Codec<K> keys, Codec<V> values) {
        MapShape shape = MapShape.read(opened);
        long at = opened.own();
        super(opened, slot -> RobustLock.release(opened.region(), at, slot));
        this.keys = keys;
        this.values = values;
        this.shape = shape;
        this.core = new MapCore<>(member(), at, keys, values, shape);
        this.view = new MapView<>(this);
    }

    /**
     * Makes a map in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param keys what the keys are written by: equal keys must have equal bytes
     * @param values what the values are written by
     * @param capacity how many entries it can have, to 2^28
     * @param entryBytes how many bytes the key and the value of an entry can have together, to 2^28
     * @return the map
     * @throws IllegalArgumentException if the capacity or the entryBytes are none of those
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static <K, V> SharedMap<K, V> create(
            String name, Codec<K> keys, Codec<V> values, int capacity, int entryBytes) {
        return kind(keys, values).create(Place.shm(name), plan(capacity, entryBytes));
    }

    /**
     * Makes a map in a file.
     *
     * @param path where; nothing may be there yet
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param keys what the keys are written by: equal keys must have equal bytes
     * @param values what the values are written by
     * @param capacity how many entries it can have, to 2^28
     * @param entryBytes how many bytes the key and the value of an entry can have together, to 2^28
     * @return the map
     * @throws IllegalArgumentException if the capacity or the entryBytes are none of those
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static <K, V> SharedMap<K, V> create(
            Path path, Codec<K> keys, Codec<V> values, int capacity, int entryBytes) {
        return kind(keys, values).create(Place.file(path), plan(capacity, entryBytes));
    }

    /**
     * Makes a map without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param keys what the keys are written by: equal keys must have equal bytes
     * @param values what the values are written by
     * @param capacity how many entries it can have, to 2^28
     * @param entryBytes how many bytes the key and the value of an entry can have together, to 2^28
     * @return the map; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if the capacity or the entryBytes are none of those
     * @throws IpcException if there is no room, or no native access
     */
    public static <K, V> SharedMap<K, V> anonymous(
            Codec<K> keys, Codec<V> values, int capacity, int entryBytes) {
        return kind(keys, values).anonymous(plan(capacity, entryBytes));
    }

    /**
     * Opens a map in shared memory.
     *
     * @param name of the object in /dev/shm
     * @param keys what the keys are written by
     * @param values what the values are written by
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @return the map
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static <K, V> SharedMap<K, V> open(String name, Codec<K> keys, Codec<V> values) {
        return kind(keys, values).open(Place.shm(name));
    }

    /**
     * Opens a map in a file.
     *
     * @param path where it is
     * @param keys what the keys are written by
     * @param values what the values are written by
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @return the map
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static <K, V> SharedMap<K, V> open(Path path, Codec<K> keys, Codec<V> values) {
        return kind(keys, values).open(Place.file(path));
    }

    /**
     * Opens a map in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param keys what the keys are written by: equal keys must have equal bytes
     * @param values what the values are written by
     * @param capacity how many entries it can have, to 2^28
     * @param entryBytes how many bytes the key and the value of an entry can have together, to 2^28
     * @return the map
     * @throws IllegalArgumentException if the capacity or the entryBytes are none of those
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static <K, V> SharedMap<K, V> openOrCreate(
            String name, Codec<K> keys, Codec<V> values, int capacity, int entryBytes) {
        return kind(keys, values).openOrCreate(Place.shm(name), plan(capacity, entryBytes));
    }

    /**
     * Opens a map in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param <K> the type of the keys
     * @param <V> the type of the values
     * @param keys what the keys are written by: equal keys must have equal bytes
     * @param values what the values are written by
     * @param capacity how many entries it can have, to 2^28
     * @param entryBytes how many bytes the key and the value of an entry can have together, to 2^28
     * @return the map
     * @throws IllegalArgumentException if the capacity or the entryBytes are none of those
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static <K, V> SharedMap<K, V> openOrCreate(
            Path path, Codec<K> keys, Codec<V> values, int capacity, int entryBytes) {
        return kind(keys, values).openOrCreate(Place.file(path), plan(capacity, entryBytes));
    }

    /**
     * The value of a key.
     *
     * @param key of which to look for the value
     * @return null if there is none
     * @throws Broken if another process has damaged the map, or its bytes are no such value
     */
    @Override
    public V get(Object key) {
        return core.decodedOrNull(core.find(key));
    }

    @Override
    public boolean containsKey(Object key) {
        return core.find(key) != null;
    }

    /**
     * Gives a key a value. Waits while another thread of any process changes the map.
     *
     * @param key not null
     * @param value not null
     * @return what its value was; null if it had none
     * @throws IllegalStateException if the key is new, and there are as many as there can be
     * @throws IllegalArgumentException if both have more bytes than an entry can
     */
    @Override
    public V put(K key, V value) {
        return core.decodedOrNull(core.change(key, value, _ -> true));
    }

    /**
     * Gives a key a value, unless others are at the map for longer than that: one that was stopped,
     * say.
     *
     * @param key not null
     * @param value not null
     * @param timeout how long to wait for others; zero or less does not wait
     * @return false if the time has passed, and nothing was done
     * @throws InterruptedException if the thread was interrupted, and nothing was done
     * @throws IllegalStateException if the key is new, and there are as many as there can be
     * @throws IllegalArgumentException if both have more bytes than an entry can
     */
    public boolean tryPut(K key, V value, Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return core.tryPut(key, value, Parking.deadline(timeout));
    }

    @Override
    public V putIfAbsent(K key, V value) {
        return core.decodedOrNull(core.change(key, value, Objects::isNull));
    }

    @Override
    public V replace(K key, V value) {
        return core.decodedOrNull(core.change(key, value, Objects::nonNull));
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        Objects.requireNonNull(value, "value");
        for (byte[] now = core.find(key); core.isValue(now, expected); now = core.find(key)) {
            byte[] seen = now;
            if (Arrays.equals(core.change(key, value, was -> Arrays.equals(was, seen)), seen)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes a key and its value. Waits while another thread of any process changes the map.
     *
     * @param key which
     * @return what its value was; null if it had none
     */
    @Override
    public V remove(Object key) {
        return core.decodedOrNull(core.removed(key, Objects::nonNull));
    }

    @Override
    public boolean remove(Object key, Object expected) {
        for (byte[] now = core.find(key); core.isValue(now, expected); now = core.find(key)) {
            byte[] seen = now;
            if (Arrays.equals(core.removed(key, was -> Arrays.equals(was, seen)), seen)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        entries.forEach(this::put);
    }

    /** Removes all entries, in one turn: others can change the map before that, or after. */
    @Override
    public void clear() {
        core.clear();
    }

    /**
     * How many entries there are at the moment of the call.
     *
     * @return from 0 to the {@link #capacity()}
     */
    @Override
    public int size() {
        return core.size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    /**
     * How many entries it can have.
     *
     * @return the number it was made with
     */
    public int capacity() {
        return shape.capacity();
    }

    /**
     * How many bytes the key and the value of an entry can have together.
     *
     * @return the number it was made with
     */
    public int entryBytes() {
        return shape.entryBytes();
    }

    @Override
    public boolean containsValue(Object value) {
        return view.containsValue(value);
    }

    @Override
    public Set<K> keySet() {
        return view.keySet();
    }

    @Override
    public Collection<V> values() {
        return view.values();
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return view.entrySet();
    }

    @Override
    public boolean equals(Object other) {
        return other == this || view.equals(other);
    }

    @Override
    public int hashCode() {
        return view.hashCode();
    }

    RobustLock robust() {
        return core.lock();
    }

    int buckets() {
        return core.buckets();
    }

    /** The entries of a bucket as they are now. */
    List<Map.Entry<K, V>> bucket(int bucket) {
        return core.bucket(bucket);
    }

    @Override
    String parameters() {
        return shape.toString();
    }

    @Override
    Object luggage() {
        return new Object[] {keys, values};
    }

    @Override
    void settle() {
        core.lock().drain();
    }

    static <K, V> Kind<SharedMap<K, V>> kind(Codec<K> keys, Codec<V> values) {
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(values, "values");
        return new Kind<>(
                RegionKind.MAP, Kind.ENTRIES, opened -> new SharedMap<>(opened, keys, values));
    }

    /** The kind of one that arrives from another process. */
    static Kind<?> arriving(Object luggage) {
        if (luggage instanceof Object[] codecs
                && codecs.length == 2
                && codecs[0] instanceof Codec<?> keys
                && codecs[1] instanceof Codec<?> values) {
            return kind(keys, values);
        }
        throw new Broken("a map that arrives brings its codecs: found=" + luggage);
    }

    private static Plan plan(int capacity, int entryBytes) {
        MapShape shape = new MapShape(capacity, entryBytes);
        return new Plan(
                Kind.shape(
                        RegionKind.MAP,
                        Kind.SLOTS,
                        Kind.ENTRIES,
                        MapMemory.OWN_BYTES,
                        shape.totalBytes(),
                        entryBytes,
                        0),
                shape.toString(),
                region ->
                        MapMemory.write(
                                region,
                                Kind.own(region.header().shape(), Kind.ENTRIES),
                                shape,
                                ThreadLocalRandom.current().nextLong()));
    }
}
