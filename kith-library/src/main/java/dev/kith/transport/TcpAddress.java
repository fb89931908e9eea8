// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.NotFound;
import dev.kith.channel.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code tcp://host:port}, {@code tcp://[::1]:port}. */
final class TcpAddress {
    private static final Pattern HOST_PORT =
            Pattern.compile("//(?:\\[([0-9a-fA-F:.%]+)]|([^:/\\[\\]]+)):([0-9]{1,5})/?");

    private TcpAddress() {}

    /** Where an address points to. */
    static InetSocketAddress resolve(Address address) {
        Matcher parts = HOST_PORT.matcher(address.path());
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65535) {
            throw new IllegalArgumentException(
                    address
                            + ": not a host and a port, as in tcp://localhost:9999 or"
                            + " tcp://[::1]:9999");
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(host), Integer.parseInt(parts.group(3)));
        } catch (UnknownHostException unknown) {
            throw new NotFound(address + ": no address is known for the host " + host);
        }
    }

    /** The address of a socket. */
    static Address of(SocketAddress socket) {
        InetSocketAddress inet = (InetSocketAddress) socket;
        String host = inet.getAddress().getHostAddress();
        String quoted = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return new Address("tcp", "//" + quoted + ":" + inet.getPort(), Map.of());
    }

    /** The address that was asked for, with the port that was taken. */
    static Address bound(Address asked, SocketAddress socket) {
        String host = asked.path().substring(0, asked.path().lastIndexOf(':'));
        return asked.withPath(host + ":" + ((InetSocketAddress) socket).getPort());
    }
}
