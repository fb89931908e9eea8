// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.IpcException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.Collection;
import java.util.Map;

/** Reads what {@link JavaWriter} wrote, class by class as {@link Allowed} says. */
final class JavaReader {
    private JavaReader() {}

    static Object read(byte[] bytes, Allowed allowed, Input in) {
        Filter filter = new Filter(allowed, bytes.length);
        Object value;
        try (ObjectInputStream stream = new Resolving(new ByteArrayInputStream(bytes))) {
            stream.setObjectInputFilter(filter);
            value = stream.readObject();
        } catch (IpcException fromHandle) {
            throw fromHandle;
        } catch (IOException
                | ClassNotFoundException
                | RuntimeException
                | LinkageError
                | StackOverflowError e) {
            throw filter.refusal == null
                    ? in.broken("Java serialisation", e)
                    : in.broken("Java serialisation: " + filter.refusal);
        }
        if (value == null) {
            throw in.broken("Java serialisation of null");
        }
        if (!allowed.extended() && (value instanceof Collection || value instanceof Map)) {
            throw in.broken(
                    "Java serialisation of a "
                            + value.getClass().getName()
                            + ", which has a form of its own");
        }
        return value;
    }

    /** The bounds, and the classes. */
    private static final class Filter implements ObjectInputFilter {
        private final Allowed allowed;
        private final long mostElements;
        private long elements;
        private String refusal;

        Filter(Allowed allowed, int streamBytes) {
            this.allowed = allowed;
            // An element takes a byte at least; a hash table is up to 8/3 of its entries, at two
            // bytes each.
            this.mostElements = 64 + 2L * streamBytes;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.depth() > ObjectWriter.MOST_NESTED) {
                refusal = "nested deeper than " + ObjectWriter.MOST_NESTED;
            }
            // All arrays together: a nest of arrays, each as long as the stream allows, is refused
            // as well.
            elements += Math.max(0, info.arrayLength());
            if (elements > mostElements) {
                refusal =
                        "arrays of elements="
                                + elements
                                + " in a stream that has room for "
                                + mostElements;
            }
            if (refusal == null && !allowed.java(info)) {
                Class<?> type = info.serialClass();
                refusal =
                        type == null
                                ? "the filter given to Codec.objects(filter) refuses it"
                                : allowed.refusal(type);
            }
            return refusal == null ? Status.ALLOWED : Status.REJECTED;
        }
    }

    /** Finds classes where the rest of the message finds them. */
    private static final class Resolving extends ObjectInputStream {
        Resolving(ByteArrayInputStream bytes) throws IOException {
            super(bytes);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description)
                throws IOException, ClassNotFoundException {
            try {
                return ClassNames.find(description.getName());
            } catch (ClassNotFoundException primitiveOrNone) {
                return super.resolveClass(description);
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
            throw new InvalidClassException("dynamic proxies are not read");
        }
    }
}
