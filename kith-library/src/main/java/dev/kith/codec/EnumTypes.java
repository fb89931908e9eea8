// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** The enum that an EnumSet or EnumMap is for, which neither tells when it is empty. */
final class EnumTypes {
    private EnumTypes() {}

    /** The type of the elements, or null if the enum has no constant. */
    static <E extends Enum<E>> Class<E> of(EnumSet<E> set) {
        EnumSet<E> some = set.isEmpty() ? EnumSet.complementOf(set) : set;
        return some.isEmpty() ? null : some.iterator().next().getDeclaringClass();
    }

    /** The type of the keys. */
    static Class<?> of(Map<?, ?> enumMap) {
        if (!enumMap.isEmpty()) {
            return ((Enum<?>) enumMap.keySet().iterator().next()).getDeclaringClass();
        }
        try (KeyType stream = new KeyType()) {
            stream.writeObject(enumMap);
            return stream.keyType;
        } catch (IOException e) {
            throw new UncheckedIOException("an empty EnumMap did not serialise", e);
        }
    }

    /** Java serialisation writes the key type as a class object: it passes here. */
    private static final class KeyType extends ObjectOutputStream {
        private Class<?> keyType;

        KeyType() throws IOException {
            super(OutputStream.nullOutputStream());
        }

        @Override
        protected void annotateClass(Class<?> type) {
            if (type != EnumMap.class && type != Enum.class) {
                keyType = type;
            }
        }
    }
}
