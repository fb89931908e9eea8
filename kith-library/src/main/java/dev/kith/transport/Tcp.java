// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Link;
import java.net.InetSocketAddress;

/** A way to do TCP. */
interface Tcp {
    /** Connects; {@code address} is for messages and the framing, the time-out as in Transport. */
    Link connect(Address address, InetSocketAddress to, TcpOptions options, long timeoutNanos)
            throws InterruptedException;

    /** Takes a port and listens. */
    Binding listen(Address address, InetSocketAddress at, TcpOptions options);
}
