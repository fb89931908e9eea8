// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;

/**
 * The options of a {@code tcp:} address.
 *
 * @param capacityBytes how much each side's kernel holds; 0: the kernel chooses
 * @param noDelay whether small messages go at once
 */
record TcpOptions(int capacityBytes, boolean noDelay) {
    /** Those of an address; refuses wrong ones before anything is opened. */
    static TcpOptions of(Address address) {
        Framing.of(address);
        StreamLink.max(address);
        return new TcpOptions(
                (int) address.number("capacity", 0, 1, Integer.MAX_VALUE),
                !address.options().containsKey("nodelay") || address.flag("nodelay"));
    }
}
