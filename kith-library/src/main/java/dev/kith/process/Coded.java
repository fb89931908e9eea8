// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.codec.Codec;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Values in the form of {@code Codec.objects()}: results that {@link Values} does not know, and
 * parts of a captured value that Java serialisation refuses although they are mere data (records,
 * optionals, paths).
 *
 * @param bytes the value; null is not one
 */
record Coded(byte[] bytes) implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int FIRST_BYTES = 256;

    /**
     * Allows everything: for the sender, whose program decides what to send, and for the child, in
     * which the parent may run what it likes.
     */
    private static final Codec<Object> ANYTHING =
            Codec.objects(
                    new ObjectInputFilter() {
                        @Override
                        public Status checkInput(FilterInfo info) {
                            return Status.ALLOWED;
                        }
                    });

    /**
     * The bytes of a value.
     *
     * @throws dev.kith.IpcException if it cannot travel; says where in it and why
     */
    static byte[] encode(Object value) {
        byte[] bytes = new byte[FIRST_BYTES];
        for (; ; ) {
            int length = (int) ANYTHING.encode(value, MemorySegment.ofArray(bytes));
            if (length <= bytes.length) {
                return Arrays.copyOf(bytes, length);
            }
            bytes = new byte[length];
        }
    }

    /**
     * The value of the bytes, if the filter and the codec allow its classes.
     *
     * @throws dev.kith.Broken if not, or if they are no such value
     */
    static Object decode(byte[] bytes, ObjectInputFilter filter, ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return Codec.objects(filter).decode(MemorySegment.ofArray(bytes));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Object readResolve() {
        return ANYTHING.decode(MemorySegment.ofArray(bytes));
    }
}
