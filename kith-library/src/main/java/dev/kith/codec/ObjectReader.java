// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.IpcException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads values as {@link Tag} says, trusting nothing. One message at a time, in one thread. */
final class ObjectReader {
    private static final ThreadLocal<ObjectReader> OWN = new ThreadLocal<>();
    private static final int WINDOW_BYTES = 4096;
    private static final int VIRTUAL_WINDOW_BYTES = 512;

    private final Input in;
    private final DefinitionReader definitions;
    private Allowed allowed;
    private int depth;

    private ObjectReader(int windowBytes) {
        in = new Input(windowBytes);
        definitions = new DefinitionReader(in);
    }

    static Object read(MemorySegment source, long offset, long length, Allowed allowed) {
        ObjectReader reader = free();
        reader.allowed = allowed;
        reader.definitions.begin(allowed);
        try {
            reader.in.begin(source, offset, length);
            return reader.checkedMessage();
        } finally {
            reader.clear();
        }
    }

    /** What constructors and factories throw at impossible values is the sender's fault. */
    private Object checkedMessage() {
        try {
            return message();
        } catch (IpcException e) {
            throw e;
        } catch (RuntimeException | LinkageError refused) {
            throw in.broken("an impossible value", refused);
        }
    }

    private Object message() {
        int version = in.get() & 0xFF;
        if (version != Tag.VERSION) {
            throw in.broken(
                    "it begins with 0x"
                            + Integer.toHexString(version)
                            + ", expected 0x"
                            + Integer.toHexString(Tag.VERSION)
                            + "; read it with the codec it was sent with");
        }
        Object value = read();
        if (in.remaining() != 0) {
            throw in.broken("bytes after its end=" + in.remaining());
        }
        if (value == null) {
            throw in.broken("null is no message");
        }
        return value;
    }

    private Object read() {
        int tag = in.get();
        return switch (tag) {
            case Tag.NULL -> null;
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.INTEGER -> in.signed();
            case Tag.LONG -> in.signedLong();
            case Tag.DOUBLE -> Double.longBitsToDouble(in.fixedLong());
            case Tag.STRING -> in.string();
            case Tag.WIDE_STRING -> in.wideString();
            case Tag.LIST -> list();
            default -> container(tag);
        };
    }

    private Object container(int tag) {
        return switch (tag) {
            case Tag.LINKED_LIST -> new LinkedList<>(list());
            case Tag.COPY_ON_WRITE_LIST -> new CopyOnWriteArrayList<>(list());
            case Tag.ARRAY_DEQUE -> new ArrayDeque<>(list());
            case Tag.SET -> distinct(new LinkedHashSet<>(), list());
            case Tag.TREE_SET -> treeSet();
            case Tag.ENUM_SET -> enumSet();
            case Tag.MAP -> entries(new LinkedHashMap<>());
            case Tag.CONCURRENT_MAP -> entries(new ConcurrentHashMap<>());
            case Tag.TREE_MAP -> entries(new TreeMap<>(comparator()));
            case Tag.ENUM_MAP -> enumMap();
            case Tag.ENTRY -> entry();
            case Tag.RECORD -> record();
            case Tag.ENUM -> definitions.constant();
            case Tag.ARRAY -> array();
            case Tag.EMPTY -> Optional.empty();
            case Tag.OPTIONAL -> optional();
            case Tag.JAVA -> JavaReader.read(in.bytes(), allowed, in);
            default -> Leaves.read(in, tag);
        };
    }

    private List<Object> list() {
        enter();
        int n = in.claim(1);
        List<Object> list = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            in.element(1);
            list.add(read());
        }
        depth--;
        return list;
    }

    private <C extends Collection<Object>> C distinct(C set, List<Object> elements) {
        Collisions.check(elements, in);
        set.addAll(elements);
        checkDistinct(set.size(), elements.size());
        return set;
    }

    private <M extends Map<Object, Object>> M entries(M map) {
        enter();
        int n = in.claim(2);
        if (n <= Collisions.FEW) {
            for (int i = 0; i < n; i++) {
                in.element(2);
                map.put(read(), read());
            }
        } else {
            many(map, n);
        }
        checkDistinct(map.size(), n);
        depth--;
        return map;
    }

    private void many(Map<Object, Object> map, int n) {
        List<Object> keys = new ArrayList<>(n);
        List<Object> values = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            in.element(2);
            keys.add(read());
            values.add(read());
        }
        Collisions.check(keys, in);
        for (int i = 0; i < n; i++) {
            map.put(keys.get(i), values.get(i));
        }
    }

    private TreeSet<Object> treeSet() {
        return distinct(new TreeSet<>(comparator()), list());
    }

    @SuppressWarnings("unchecked") // what it cannot compare it refuses
    private Comparator<Object> comparator() {
        Object comparator = nested();
        if (comparator != null && !(comparator instanceof Comparator)) {
            throw in.broken("a " + comparator.getClass().getName() + " is no comparator");
        }
        return (Comparator<Object>) comparator;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the set refuses what is not of its type
    private EnumSet<?> enumSet() {
        EnumSet set = EnumSet.noneOf((Class) definitions.enumType());
        return (EnumSet<?>) distinct(set, list());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the map refuses what is not of its type
    private Map<?, ?> enumMap() {
        return entries((Map) new EnumMap((Class) definitions.enumType()));
    }

    private Map.Entry<Object, Object> entry() {
        return new AbstractMap.SimpleImmutableEntry<>(nested(), nested());
    }

    private Optional<Object> optional() {
        return Optional.of(nested());
    }

    private Object nested() {
        enter();
        Object value = read();
        depth--;
        return value;
    }

    private Object[] array() {
        enter();
        Class<?> component = definitions.className();
        if (component.isPrimitive()) {
            throw in.broken("an array of " + component + " in the form of one of objects");
        }
        int n = in.claim(1);
        Object[] values = (Object[]) Array.newInstance(component, n);
        for (int i = 0; i < n; i++) {
            in.element(1);
            values[i] = read();
        }
        depth--;
        return values;
    }

    private Object record() {
        enter();
        RecordShape shape = definitions.record();
        shape.use();
        int n = shape.size();
        in.claim(n, 1);
        Object[] components = new Object[n];
        for (int i = 0; i < n; i++) {
            in.element(1);
            components[i] = read();
        }
        depth--;
        try {
            return shape.construct(components);
        } catch (Error error) {
            throw error;
        } catch (Throwable refused) {
            throw in.broken(
                    "record " + shape.type().getName() + " refuses its components", refused);
        }
    }

    private void checkDistinct(int size, int elements) {
        if (size != elements) {
            throw in.broken("of elements=" + elements + " only " + size + " are different");
        }
    }

    private void enter() {
        if (++depth > ObjectWriter.MOST_NESTED) {
            throw in.broken("nested deeper than " + ObjectWriter.MOST_NESTED);
        }
    }

    private void clear() {
        in.end();
        definitions.end();
        allowed = null;
        depth = 0;
    }

    /** The reader of this thread, unless it is busy: a constructor may use a codec itself. */
    private static ObjectReader free() {
        if (Thread.currentThread().isVirtual()) {
            return new ObjectReader(VIRTUAL_WINDOW_BYTES);
        }
        ObjectReader own = OWN.get();
        if (own == null) {
            own = new ObjectReader(WINDOW_BYTES);
            OWN.set(own);
        }
        return own.allowed == null ? own : new ObjectReader(WINDOW_BYTES);
    }
}
