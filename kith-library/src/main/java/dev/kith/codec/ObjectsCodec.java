// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;

/** {@link Codec#objects()}. */
final class ObjectsCodec<T> implements Codec<T>, Serializable {
    private static final long serialVersionUID = 1L;

    private static final ObjectsCodec<Object> STANDARD = new ObjectsCodec<>(Allowed.STANDARD);

    private final transient Allowed allowed;

    private ObjectsCodec(Allowed allowed) {
        this.allowed = allowed;
    }

    @SuppressWarnings("unchecked") // the same for all types
    static <T> ObjectsCodec<T> of(Allowed allowed) {
        return allowed == Allowed.STANDARD
                ? (ObjectsCodec<T>) STANDARD
                : new ObjectsCodec<>(allowed);
    }

    @Override
    public long encode(T value, MemorySegment target) {
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(T value, MemorySegment target, long offset, long length) {
        if (value == null) {
            throw new NullPointerException("null is no message: end() is what ends a stream");
        }
        try {
            return ObjectWriter.write(value, target, offset, length, allowed);
        } catch (Refused refused) {
            throw refused.toException();
        }
    }

    @Override
    public T decode(MemorySegment source) {
        return decode(source, 0, source.byteSize());
    }

    @Override
    @SuppressWarnings(
            "unchecked") // another type shows where the value is used, as Codec.objects() says
    public T decode(MemorySegment source, long offset, long length) {
        return (T) ObjectReader.read(source, offset, length, allowed);
    }

    @Override
    public String toString() {
        if (allowed.filter() != null) {
            return "objects(" + allowed.filter() + ")";
        }
        StringJoiner names =
                new StringJoiner(
                        ", ",
                        allowed.extended() ? "objects(" : "objects",
                        allowed.extended() ? ")" : "");
        allowed.classes().forEach(type -> names.add(type.getName()));
        return names.toString();
    }

    private Object writeReplace() throws NotSerializableException {
        ObjectInputFilter filter = allowed.filter();
        if (filter != null && !(filter instanceof Serializable)) {
            throw new NotSerializableException(
                    this
                            + " cannot travel: its filter is not Serializable; name the classes"
                            + " instead");
        }
        return new Travelling(allowed.classes().toArray(Class<?>[]::new), filter);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a codec travels as " + Travelling.class.getName());
    }

    /**
     * A codec on its way to another process. The classes travel as class objects: where they are
     * read through a codec, they are refused unless that one allows them, so no codec arrives that
     * allows more.
     */
    private record Travelling(Class<?>[] allowed, ObjectInputFilter filter)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return of(filter == null ? Allowed.classes(allowed) : Allowed.filter(filter));
        }
    }
}
