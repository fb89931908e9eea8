// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Transport;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** Checks that several transports make of an address. */
final class Addresses {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Addresses() {}

    /** The mechanism has no names. */
    static void checkNoPath(Address address) {
        if (!address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address
                            + ": "
                            + address.scheme()
                            + ": has no name: write "
                            + address.withPath(""));
        }
    }

    /** The mechanism has paths. */
    static String path(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a path is missing, as in " + address.withPath("/tmp/name"));
        }
        return address.path();
    }

    /** The option {@code mode}: permission bits, octal. */
    static int mode(Address address) {
        String mode = address.options().getOrDefault("mode", "600");
        if (!mode.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException(
                    address + ": mode=" + mode + ": three octal digits, as in 660");
        }
        return Integer.parseInt(mode, 8);
    }

    /** An address of a path that is not used yet. */
    static Address fresh(Transport transport, Path directory) {
        String name = transport.scheme() + "-" + Long.toHexString(RANDOM.nextLong());
        return new Address(transport.scheme(), directory.resolve(name).toString(), Map.of());
    }
}
