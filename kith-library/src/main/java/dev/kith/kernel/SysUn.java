// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** sys/un.h: {@code struct sockaddr_un}, unix(7) */
public final class SysUn {
    /**
     * The most bytes of a path, without the zero byte at its end; of an abstract name, without the
     * one before.
     */
    public static final int PATH_MAX_BYTES = 107;

    public static final int ADDRESS_BYTES = 110;

    private static final long FAMILY = 0;
    private static final int PATH = 2;

    private SysUn() {}

    /**
     * An address. A name that begins with {@code @} is abstract: a zero byte stands before it, none
     * after, and the length of the segment is exactly 2+1+n, because every byte counts.
     */
    public static MemorySegment address(Arena arena, String name) {
        boolean isAbstract = name.startsWith("@");
        if (name.isEmpty() || !isAbstract && name.indexOf(0) >= 0) {
            // The kernel would take another name: an abstract one, or what stands before the zero.
            throw new IllegalArgumentException(
                    "name of a Unix socket: a path, or @ and a name; "
                            + (name.isEmpty() ? "it is empty" : "a zero byte is in the path"));
        }
        byte[] bytes = (isAbstract ? name.substring(1) : name).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PATH_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "name of a Unix socket too long: length="
                            + bytes.length
                            + ", limit="
                            + PATH_MAX_BYTES
                            + " ("
                            + name
                            + ")");
        }
        MemorySegment address = arena.allocate(PATH + bytes.length + 1, 2);
        address.set(ValueLayout.JAVA_SHORT, FAMILY, (short) SysSocket.AF_UNIX);
        MemorySegment.copy(
                bytes,
                0,
                address,
                ValueLayout.JAVA_BYTE,
                isAbstract ? PATH + 1 : PATH,
                bytes.length);
        return address;
    }

    /** The name in an address that the kernel filled in; empty if it has none. */
    public static String name(MemorySegment address, int filled) {
        // The kernel tells the whole length, also where there was no room for its last byte.
        int length = (int) Math.min(filled, address.byteSize());
        if (length <= PATH) {
            return "";
        }
        boolean isAbstract = address.get(ValueLayout.JAVA_BYTE, PATH) == 0;
        int from = isAbstract ? PATH + 1 : PATH;
        int to = from;
        while (to < length && (isAbstract || address.get(ValueLayout.JAVA_BYTE, to) != 0)) {
            to++;
        }
        byte[] bytes = address.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
        return (isAbstract ? "@" : "") + new String(bytes, StandardCharsets.UTF_8);
    }
}
