// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import dev.kith.IpcException;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
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
    private final ArrayList<Class<?>> classes = new ArrayList<>();
    private final ArrayList<Object> definitions = new ArrayList<>();
    private Allowed allowed;
    private int depth;

    private ObjectReader(int windowBytes) {
        in = new Input(windowBytes);
    }

    static Object read(MemorySegment source, Allowed allowed) {
        ObjectReader reader = free();
        reader.allowed = allowed;
        try {
            reader.in.begin(source);
            return reader.message();
        } catch (IpcException e) {
            throw e;
        } catch (RuntimeException | LinkageError refusedByItsClass) {
            throw reader.in.broken("an impossible value", refusedByItsClass);
        } finally {
            reader.clear();
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
            case Tag.ENUM -> constant();
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
        EnumSet set = EnumSet.noneOf((Class) enumType());
        return (EnumSet<?>) distinct(set, list());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the map refuses what is not of its type
    private Map<?, ?> enumMap() {
        return entries((Map) new EnumMap((Class) enumType()));
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
        Class<?> component = className();
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
        RecordShape shape = recordShape();
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

    private RecordShape recordShape() {
        int place = in.count();
        if (place != 0) {
            if (place > definitions.size()
                    || !(definitions.get(place - 1) instanceof RecordShape known)) {
                throw in.broken("record " + place + " was not described");
            }
            return known;
        }
        Class<?> type = className();
        Shape shape = Shape.of(type);
        if (shape.tag != Tag.RECORD) {
            throw in.broken(type.getName() + " is not a record that travels as data");
        }
        if (shape.record.obstacle() != null) {
            throw new Broken(shape.record.obstacle());
        }
        if (!in.follows(shape.record.definition())) {
            throw in.broken(
                    "record "
                            + type.getName()
                            + " has components "
                            + shape.record.names()
                            + " here, and "
                            + otherNames()
                            + " in the message; both sides need the same version");
        }
        definitions.add(shape.record);
        return shape.record;
    }

    private List<String> otherNames() {
        int n = in.claim(1);
        List<String> names = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            in.element(1);
            names.add(in.text());
        }
        return names;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the type is known at run time only
    private Enum<?> constant() {
        int place = in.count();
        if (place == 0) {
            Enum<?> constant = Enum.valueOf((Class) enumType(), in.text());
            definitions.add(constant);
            return constant;
        }
        if (place > definitions.size() || !(definitions.get(place - 1) instanceof Enum<?> known)) {
            throw in.broken("constant " + place + " was not named");
        }
        return known;
    }

    private Class<?> enumType() {
        Class<?> type = className();
        if (!type.isEnum()) {
            throw in.broken(type.getName() + " is not an enum");
        }
        return type;
    }

    private Class<?> className() {
        int place = in.count();
        if (place != 0) {
            if (place > classes.size()) {
                throw in.broken("class " + place + " was not named");
            }
            return classes.get(place - 1);
        }
        byte[] name = in.bytes();
        Class<?> type;
        try {
            type = ClassNames.find(name);
        } catch (ClassNotFoundException e) {
            String text = new String(name, StandardCharsets.UTF_8);
            throw in.broken("class " + text + " is not on the class path of this process", e);
        }
        if (!allowed.data(type)) {
            throw in.broken(allowed.refusal(type));
        }
        classes.add(type);
        return type;
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
        classes.clear();
        definitions.clear();
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
