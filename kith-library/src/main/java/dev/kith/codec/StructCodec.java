// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import java.io.Serializable;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * {@link Codec#struct(Class)}. A record, because the JIT compiler takes the fields of records for
 * constants: where the codec is one, so is all of its code.
 */
record StructCodec<R extends Record>(
        Class<R> type, long byteSize, StructShape shape, StructCode code)
        implements StructLayout<R>, Serializable {
    private static final long serialVersionUID = 1L;

    private static final ClassValue<StructCodec<?>> CODECS =
            new ClassValue<>() {
                @Override
                @SuppressWarnings("unchecked") // the shape refuses what is no record
                protected StructCodec<?> computeValue(Class<?> type) {
                    StructShape shape = StructShape.of(type);
                    return new StructCodec<>(
                            (Class<? extends Record>) type,
                            shape.size(),
                            shape,
                            StructCompiler.compile(shape));
                }
            };

    @SuppressWarnings("unchecked") // the codec under a class is of that class
    static <R extends Record> StructCodec<R> of(Class<R> type) {
        return (StructCodec<R>) CODECS.get(type);
    }

    /** The code of the records of a class. */
    static StructCode code(Class<?> type) {
        return CODECS.get(type).code;
    }

    @Override
    public long encode(R value, MemorySegment target) {
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(R value, MemorySegment target, long offset, long length) {
        if (length >= byteSize) {
            write(value, target, offset);
        }
        return byteSize;
    }

    @Override
    public R decode(MemorySegment source) {
        return decode(source, 0, source.byteSize());
    }

    @Override
    public R decode(MemorySegment source, long offset, long length) {
        if (length != byteSize) {
            throw new Broken(
                    "not a struct of "
                            + type.getName()
                            + ": length="
                            + length
                            + ", expected="
                            + byteSize);
        }
        return read(source, offset);
    }

    @Override
    public long fixedBytes() {
        return byteSize;
    }

    @Override
    public void write(R value, MemorySegment target, long offset) {
        if (value == null) {
            throw new NullPointerException("null is no struct of " + type.getName());
        }
        Objects.checkFromIndexSize(offset, byteSize, target.byteSize());
        try {
            code.write(value, target, offset);
        } catch (Refused refused) {
            throw refused.toException();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the code makes records of this class
    public R read(MemorySegment source, long offset) {
        Objects.checkFromIndexSize(offset, byteSize, source.byteSize());
        try {
            return (R) code.read(source, offset);
        } catch (Refused refused) {
            throw refused.toBroken(type);
        }
    }

    @Override
    public long byteAlignment() {
        return shape.alignment();
    }

    @Override
    public long offset(String path) {
        return StructPath.of(shape, path).offset();
    }

    @Override
    public VarHandle varHandle(String path) {
        return StructPath.of(shape, path).varHandle();
    }

    @Override
    public MemoryLayout memoryLayout() {
        return StructPath.layout(shape, true);
    }

    @Override
    public String toC() {
        return StructText.c(shape);
    }

    @Override
    public String toNumpy() {
        return StructText.numpy(shape);
    }

    @Override
    public String toString() {
        return "struct(" + type.getName() + ")";
    }

    private Object writeReplace() {
        return new Travelling<>(type);
    }

    /** A codec on its way to another process, which makes its own. */
    private record Travelling<R extends Record>(Class<R> type) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return of(type);
        }
    }
}
