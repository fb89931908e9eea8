// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.sysv.Key;
import dev.kith.sysv.MessageQueue;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The names of System V objects in addresses: a key in any of the forms that {@link Key#parse}
 * reads, or {@code id=N} for an object without a key.
 */
final class SysvNames {
    private static final String ID = "id=";

    private SysvNames() {}

    static MessageQueue queue(Address address) {
        return open(address, MessageQueue::openId, MessageQueue::open);
    }

    /** Opens an object by whichever name it has in the address. */
    static <H> H open(Address address, IntFunction<H> byId, Function<Key, H> byKey) {
        String name = name(address);
        return isId(name) ? byId.apply(id(name)) : byKey.apply(Key.parse(name));
    }

    /** The name in the address, which must have one. */
    static String name(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a key is missing, as in " + address.withPath("0x1234"));
        }
        return address.path();
    }

    static MessageQueue createQueue(Address address, int mode) {
        String name = address.path();
        if (isId(name)) {
            throw new IllegalArgumentException(
                    address
                            + ": the kernel picks the id of a new queue: leave the key out, or give"
                            + " one");
        }
        if (!name.isEmpty()) {
            return MessageQueue.create(Key.parse(name), mode);
        }
        MessageQueue queue = MessageQueue.create();
        queue.mode(mode);
        return queue;
    }

    static boolean isId(String name) {
        return name.startsWith(ID);
    }

    static int id(String name) {
        try {
            return Integer.parseInt(name.substring(ID.length()));
        } catch (NumberFormatException not) {
            throw new IllegalArgumentException("not an id: \"" + name + "\": as in id=5");
        }
    }
}
