// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.util.Set;

/**
 * The classes that Java serialisation may read without the user's leave; why these, is said in
 * {@link Allowed}.
 */
final class SafeClasses {
    private static final Set<String> VALUES =
            Set.of(
                    "java.io.File",
                    "java.lang.Boolean",
                    "java.lang.Byte",
                    "java.lang.Character",
                    "java.lang.Class",
                    "java.lang.Double",
                    "java.lang.Enum",
                    "java.lang.Float",
                    "java.lang.Integer",
                    "java.lang.Long",
                    "java.lang.Number",
                    "java.lang.Object",
                    "java.lang.Record",
                    "java.lang.Short",
                    "java.lang.StackTraceElement",
                    "java.lang.String",
                    "java.lang.String$CaseInsensitiveComparator",
                    "java.lang.StringBuffer",
                    "java.lang.StringBuilder",
                    "java.math.BigDecimal",
                    "java.math.BigInteger",
                    "java.math.MathContext",
                    "java.net.Inet4Address",
                    "java.net.Inet6Address",
                    "java.net.InetAddress",
                    "java.net.InetSocketAddress",
                    "java.net.SocketAddress",
                    "java.net.URI",
                    "java.time.Ser",
                    "java.time.chrono.Ser",
                    // the list of suppressed exceptions; two that compute nothing
                    "java.util.ArrayList",
                    "java.util.Collections$EmptyList",
                    "java.util.BitSet",
                    "java.util.Collections$ReverseComparator",
                    "java.util.Collections$ReverseComparator2",
                    "java.util.Currency",
                    "java.util.Date",
                    "java.util.Locale",
                    "java.util.UUID",
                    "java.util.concurrent.atomic.AtomicBoolean",
                    "java.util.concurrent.atomic.AtomicInteger",
                    "java.util.concurrent.atomic.AtomicLong");

    /**
     * The packages of Kith's handles. That of child processes is not among them: its classes carry
     * code, which a parent may send to its child, and nobody else to anyone.
     */
    private static final Set<String> HANDLES =
            Set.of(
                    "dev.kith",
                    "dev.kith.channel",
                    "dev.kith.codec",
                    "dev.kith.linux",
                    "dev.kith.posix",
                    "dev.kith.python",
                    "dev.kith.ring",
                    "dev.kith.shared",
                    "dev.kith.sysv",
                    "dev.kith.transport");

    private static final Set<String> STRUCTURES =
            Set.of(
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks");

    private SafeClasses() {}

    /** Values of the JDK, its exceptions, enums, and Kith's handles. */
    static boolean contains(Class<?> type) {
        String name = type.getName();
        return VALUES.contains(name)
                || HANDLES.contains(type.getPackageName())
                || isPlatform(type) && Throwable.class.isAssignableFrom(type)
                || Enum.class.isAssignableFrom(type);
    }

    /** What objects of the user's are made of: records, and the collections of java.util. */
    static boolean isStructure(Class<?> type) {
        return type.isRecord() || isPlatform(type) && STRUCTURES.contains(type.getPackageName());
    }

    private static boolean isPlatform(Class<?> type) {
        return type.getModule() == Object.class.getModule() && type.getName().startsWith("java.");
    }
}
