// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** Writes values as {@link Tag} says. One message at a time, in one thread. */
final class ObjectWriter {
    /** How deep containers may nest; a cycle is what goes deeper, more often than not. */
    static final int MOST_NESTED = 128;

    private static final ThreadLocal<ObjectWriter> OWN = new ThreadLocal<>();
    private static final int WINDOW_BYTES = 4096;
    private static final int VIRTUAL_WINDOW_BYTES = 512;

    private final Output out;
    private final References classes = new References();
    private final References definitions = new References();
    private Allowed allowed;
    private int depth;

    private ObjectWriter(int windowBytes) {
        out = new Output(windowBytes);
    }

    static long write(
            Object value, MemorySegment target, long offset, long length, Allowed allowed) {
        ObjectWriter writer = free();
        writer.allowed = allowed;
        try {
            writer.out.begin(target, offset, length);
            writer.out.put(Tag.VERSION);
            writer.write(value);
            return writer.out.end();
        } finally {
            writer.clear();
        }
    }

    void write(Object value) {
        if (value == null) {
            out.put(Tag.NULL);
            return;
        }
        Class<?> type = value.getClass();
        if (type == String.class) {
            out.string((String) value);
        } else if (type == Integer.class) {
            out.put(Tag.INTEGER);
            out.signed((int) (Integer) value);
        } else if (type == Long.class) {
            out.put(Tag.LONG);
            out.signed((long) (Long) value);
        } else if (type == Double.class) {
            out.put(Tag.DOUBLE);
            out.fixed(Double.doubleToRawLongBits((Double) value));
        } else if (type == Boolean.class) {
            out.put((Boolean) value ? Tag.TRUE : Tag.FALSE);
        } else {
            shaped(value, Shape.of(type));
        }
    }

    private void shaped(Object value, Shape shape) {
        switch (shape.tag) {
            case Tag.LIST, Tag.LINKED_LIST, Tag.COPY_ON_WRITE_LIST, Tag.ARRAY_DEQUE, Tag.SET ->
                    collection(shape.tag, (Collection<?>) value);
            case Tag.MAP, Tag.CONCURRENT_MAP -> map(shape.tag, (Map<?, ?>) value);
            case Tag.RECORD -> record(value, shape.record);
            case Tag.ENUM -> constant((Enum<?>) value);
            case Tag.TREE_SET -> treeSet((SortedSet<?>) value);
            case Tag.TREE_MAP -> treeMap((SortedMap<?, ?>) value);
            case Tag.ENUM_SET -> enumSet((EnumSet<?>) value);
            case Tag.ENUM_MAP -> enumMap((Map<?, ?>) value);
            case Tag.ENTRY -> entry((Map.Entry<?, ?>) value);
            case Tag.ARRAY -> array((Object[]) value);
            case Tag.OPTIONAL -> optional((Optional<?>) value);
            case Tag.PATH -> path((Path) value);
            case Tag.JAVA -> {
                byte[] bytes = JavaWriter.write(value, allowed);
                out.put(Tag.JAVA);
                out.bytes(bytes);
            }
            default -> Leaves.write(out, shape.tag, value);
        }
    }

    private void collection(int tag, Collection<?> value) {
        out.put(tag);
        elements(value, value.toArray());
    }

    private void elements(Object container, Object[] values) {
        enter(container);
        out.count(values.length);
        int i = 0;
        try {
            for (; i < values.length; i++) {
                write(values[i]);
            }
        } catch (Refused refused) {
            throw refused.within(container, "[" + i + "]");
        }
        depth--;
    }

    private void map(int tag, Map<?, ?> value) {
        out.put(tag);
        entries(value);
    }

    private void entries(Map<?, ?> value) {
        enter(value);
        Object[] entries = value.entrySet().toArray();
        out.count(entries.length);
        for (Object each : entries) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
            Object key = entry.getKey();
            inside(value, key, ".key");
            try {
                write(entry.getValue());
            } catch (Refused refused) {
                throw refused.within(value, Refused.step(key));
            }
        }
        depth--;
    }

    private void record(Object value, RecordShape shape) {
        enter(value);
        out.put(Tag.RECORD);
        int place = definitions.of(shape);
        out.count(place);
        if (place == 0) {
            if (shape.obstacle() != null) {
                throw new Refused(shape.obstacle(), value);
            }
            className(shape.type(), value);
            out.raw(shape.definition(), shape.definition().length);
        }
        shape.use();
        int i = 0;
        try {
            for (; i < shape.size(); i++) {
                write(shape.component(value, i));
            }
        } catch (Refused refused) {
            throw refused.within(value, "." + shape.name(i));
        } catch (Error error) {
            throw error;
        } catch (Throwable failed) {
            throw new Refused(
                    shape.type().getName() + "." + shape.name(i) + "() threw " + failed,
                    value,
                    failed);
        }
        depth--;
    }

    private void constant(Enum<?> value) {
        out.put(Tag.ENUM);
        int place = definitions.of(value);
        out.count(place);
        if (place == 0) {
            className(value.getDeclaringClass(), value);
            out.text(value.name());
        }
    }

    private void treeSet(SortedSet<?> value) {
        out.put(Tag.TREE_SET);
        comparator(value, value.comparator());
        elements(value, value.toArray());
    }

    private void treeMap(SortedMap<?, ?> value) {
        out.put(Tag.TREE_MAP);
        comparator(value, value.comparator());
        entries(value);
    }

    private void comparator(Object container, Comparator<?> comparator) {
        enter(container);
        inside(container, comparator, ".comparator");
        depth--;
    }

    private void enumSet(EnumSet<?> value) {
        Class<?> type = EnumTypes.of(value);
        if (type == null) { // no constants at all: nothing to tell it from another empty set
            collection(Tag.SET, value);
            return;
        }
        out.put(Tag.ENUM_SET);
        className(type, value);
        elements(value, value.toArray());
    }

    private void enumMap(Map<?, ?> value) {
        out.put(Tag.ENUM_MAP);
        className(EnumTypes.of(value), value);
        entries(value);
    }

    private void entry(Map.Entry<?, ?> value) {
        enter(value);
        out.put(Tag.ENTRY);
        inside(value, value.getKey(), ".key");
        inside(value, value.getValue(), ".value");
        depth--;
    }

    private void array(Object[] value) {
        out.put(Tag.ARRAY);
        className(value.getClass().getComponentType(), value);
        elements(value, value);
    }

    private void optional(Optional<?> value) {
        if (value.isEmpty()) {
            out.put(Tag.EMPTY);
            return;
        }
        enter(value);
        out.put(Tag.OPTIONAL);
        inside(value, value.get(), ".get()");
        depth--;
    }

    private void path(Path value) {
        if (value.getFileSystem() != FileSystems.getDefault()) {
            throw new Refused(
                    value + " is a path of " + value.getFileSystem() + ", which does not travel",
                    value);
        }
        out.put(Tag.PATH);
        out.text(value.toString());
    }

    private void inside(Object container, Object value, String step) {
        try {
            write(value);
        } catch (Refused refused) {
            throw refused.within(container, step);
        }
    }

    private void className(Class<?> type, Object value) {
        int place = classes.of(type);
        out.count(place);
        if (place == 0) {
            if (!allowed.data(type)) {
                throw new Refused(allowed.refusal(type), value);
            }
            out.text(type.getName());
        }
    }

    private void enter(Object container) {
        if (++depth > MOST_NESTED) {
            throw new Refused(
                    "nested deeper than " + MOST_NESTED + "; send it in flat form", container);
        }
    }

    private void clear() {
        out.drop();
        classes.clear();
        definitions.clear();
        allowed = null;
        depth = 0;
    }

    /**
     * The writer of this thread, unless it is busy: what is being written may use a codec itself.
     */
    private static ObjectWriter free() {
        if (Thread.currentThread().isVirtual()) {
            return new ObjectWriter(VIRTUAL_WINDOW_BYTES);
        }
        ObjectWriter own = OWN.get();
        if (own == null) {
            own = new ObjectWriter(WINDOW_BYTES);
            OWN.set(own);
        }
        return own.allowed == null ? own : new ObjectWriter(WINDOW_BYTES);
    }
}
