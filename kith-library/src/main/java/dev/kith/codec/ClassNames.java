// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Classes by name: from the context class loader of the thread, then from Kith's own. Loaded, not
 * initialised.
 *
 * <p>What was found is remembered in a table of fixed size, so that a peer's names cannot fill the
 * memory; an entry holds neither class nor loader against the collector. Entries are immutable and
 * replaced as a whole: any thread may read and write them without a lock.
 */
final class ClassNames {
    private static final int SLOTS = 256;
    private static final Entry[] TABLE = new Entry[SLOTS];

    private ClassNames() {}

    /** The class of a name in UTF-8, as {@link Class#getName()} gives it. */
    static Class<?> find(byte[] name) throws ClassNotFoundException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        int hash = Arrays.hashCode(name) + System.identityHashCode(loader);
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1;
        Entry entry = TABLE[slot];
        if (entry != null && entry.loader.refersTo(loader) && Arrays.equals(entry.name, name)) {
            Class<?> type = entry.type.get();
            if (type != null) {
                return type;
            }
        }
        Class<?> type = find(new String(name, StandardCharsets.UTF_8));
        TABLE[slot] = new Entry(name, new WeakReference<>(loader), new WeakReference<>(type));
        return type;
    }

    /** The class of a name as {@link Class#getName()} gives it. */
    static Class<?> find(String name) throws ClassNotFoundException {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = ClassNames.class.getClassLoader();
        if (context == null || context == own) {
            return load(name, own);
        }
        try {
            return load(name, context);
        } catch (ClassNotFoundException notThere) {
            return load(name, own);
        }
    }

    private static Class<?> load(String name, ClassLoader loader) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (LinkageError damaged) {
            throw new ClassNotFoundException(name + ": " + damaged, damaged);
        }
    }

    private record Entry(
            byte[] name, WeakReference<ClassLoader> loader, WeakReference<Class<?>> type) {}
}
