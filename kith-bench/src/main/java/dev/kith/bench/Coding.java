// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A codec that is measured. The first in {@link #ALL} is what the others are divided by.
 *
 * @param name what the report calls it
 * @param codec for values of any type
 */
record Coding(String name, Codec<Object> codec) {
    static final List<Coding> ALL =
            List.of(
                    new Coding("Java", new JavaSerialization()),
                    new Coding("Kith", Codec.objects(Coder.Trade.class)));

    static Coding of(String name) {
        return ALL.stream().filter(coding -> coding.name.equals(name)).findFirst().orElseThrow();
    }

    /** What most Java programs use that send objects: a stream a message. */
    private static final class JavaSerialization implements Codec<Object> {
        @Override
        public long encode(Object value, MemorySegment target) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            byte[] array = bytes.toByteArray();
            MemorySegment.copy(array, 0, target, ValueLayout.JAVA_BYTE, 0, array.length);
            return array.length;
        }

        @Override
        public Object decode(MemorySegment source) {
            byte[] array = source.toArray(ValueLayout.JAVA_BYTE);
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(array))) {
                return in.readObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("a class of the JDK is missing", e);
            }
        }
    }
}
