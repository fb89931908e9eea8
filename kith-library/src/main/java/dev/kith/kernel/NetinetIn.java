// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * netinet/in.h: addresses, with the options of netinet/tcp.h. ip(7), ipv6(7)
 *
 * <pre>
 * struct sockaddr_in    family 0 (2)  port 2 (2, big-endian)  addr 4 (4)                   16 bytes
 * struct sockaddr_in6   family 0 (2)  port 2 (2, big-endian)  flowinfo 4 (4)
 *                       addr 8 (16)   scope 24 (4)                                         28 bytes
 * </pre>
 */
public final class NetinetIn {
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_IPV6 = 41;
    public static final int IPV6_V6ONLY = 26;
    public static final int TCP_NODELAY = 1;

    /** sizeof(struct sockaddr_in). */
    public static final int IN_BYTES = 16;

    /** sizeof(struct sockaddr_in6), the longer one. */
    public static final int IN6_BYTES = 28;

    private static final long FAMILY = 0;
    public static final long PORT = 2;
    public static final long IN_ADDR = 4;
    public static final long IN6_ADDR = 8;
    public static final long IN6_SCOPE = 24;

    private static final ValueLayout.OfShort BIG_ENDIAN_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private NetinetIn() {}

    /** AF_INET or AF_INET6, whichever an address is of. */
    public static int family(InetAddress host) {
        return host instanceof Inet6Address ? SysSocket.AF_INET6 : SysSocket.AF_INET;
    }

    /** An address as long as its family has it. */
    public static MemorySegment address(Arena arena, InetSocketAddress from) {
        byte[] host = from.getAddress().getAddress();
        boolean six = from.getAddress() instanceof Inet6Address;
        MemorySegment address = arena.allocate(six ? IN6_BYTES : IN_BYTES, 4);
        address.set(ValueLayout.JAVA_SHORT, FAMILY, (short) family(from.getAddress()));
        address.set(BIG_ENDIAN_SHORT, PORT, (short) from.getPort());
        MemorySegment.copy(host, 0, address, JAVA_BYTE, six ? IN6_ADDR : IN_ADDR, host.length);
        if (from.getAddress() instanceof Inet6Address scoped) {
            address.set(JAVA_INT, IN6_SCOPE, scoped.getScopeId());
        }
        return address;
    }

    /**
     * The address that the kernel filled in. One of IPv4 inside IPv6 (::ffff:1.2.3.4) is of IPv4.
     */
    public static InetSocketAddress address(MemorySegment address) {
        int family = address.get(ValueLayout.JAVA_SHORT, FAMILY);
        boolean six = family == SysSocket.AF_INET6;
        if (!six && family != SysSocket.AF_INET) {
            throw new IllegalArgumentException("no internet address: family=" + family);
        }
        byte[] host = address.asSlice(six ? IN6_ADDR : IN_ADDR, six ? 16 : 4).toArray(JAVA_BYTE);
        int port = Short.toUnsignedInt(address.get(BIG_ENDIAN_SHORT, PORT));
        try {
            InetAddress plain = InetAddress.getByAddress(host);
            int scope = six ? address.get(JAVA_INT, IN6_SCOPE) : 0;
            return new InetSocketAddress(
                    scope == 0 || !(plain instanceof Inet6Address)
                            ? plain
                            : Inet6Address.getByAddress(null, host, scope),
                    port);
        } catch (UnknownHostException wrongLength) {
            throw new AssertionError("an address of " + host.length + " bytes", wrongLength);
        }
    }
}
