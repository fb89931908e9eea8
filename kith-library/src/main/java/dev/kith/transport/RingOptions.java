// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.Waiter;
import java.util.Locale;
import java.util.Map;

/**
 * The options of {@code shm:} and {@code mmap:}.
 *
 * @param many whether the ring has many producers
 * @param capacity bytes
 * @param waiter how this end waits
 */
record RingOptions(boolean many, long capacity, Waiter waiter) {
    static final Map<String, String> KNOWN =
            Options.with(
                    Map.of(),
                    Map.of(
                            "flavour", "mpsc (many senders) or spsc (one), mpsc if not said",
                            "capacity", "bytes, a power of two, 32768 if not said",
                            "wait",
                                    "how this end waits: block, park, yield or spin; block if not"
                                            + " said"));

    private static final long CAPACITY = 32768;
    private static final long LEAST = 256;
    private static final long MOST = 1 << 30;

    static RingOptions of(Address address) {
        Map<String, String> options = address.options();
        String flavour = options.getOrDefault("flavour", "mpsc");
        if (!flavour.equals("mpsc") && !flavour.equals("spsc")) {
            throw new IllegalArgumentException(address + ": flavour=" + flavour + ": mpsc or spsc");
        }
        long capacity = address.number("capacity", CAPACITY, LEAST, MOST);
        if (Long.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    address
                            + ": capacity="
                            + capacity
                            + ": a power of two: "
                            + Long.highestOneBit(capacity)
                            + " or "
                            + 2 * Long.highestOneBit(capacity));
        }
        return new RingOptions(flavour.equals("mpsc"), capacity, waiter(address));
    }

    /** The longest message of a ring that is made so. */
    long maxMessageBytes() {
        return capacity / 4 - Long.BYTES;
    }

    /** Options say how to make a ring; one that exists must be as they say. */
    Ring checked(Address address, Ring ring) {
        boolean found = ring instanceof MpscRing;
        try {
            check(address, "flavour", found == many, found ? "mpsc" : "spsc");
            long bytes = ring.capacityBytes();
            check(address, "capacity", bytes == capacity, Long.toString(bytes));
            return ring;
        } catch (RuntimeException failed) {
            ring.close();
            throw failed;
        }
    }

    private static void check(Address address, String option, boolean same, String found) {
        if (address.options().containsKey(option) && !same) {
            throw new IllegalArgumentException(
                    address
                            + ": "
                            + option
                            + " of the ring that exists is "
                            + found
                            + ": leave the option out, or remove the ring with: kith rm "
                            + address.withoutOptions());
        }
    }

    private static Waiter waiter(Address address) {
        String wait = address.options().getOrDefault("wait", "block");
        for (Waiter waiter : Waiter.values()) {
            if (waiter.name().toLowerCase(Locale.ROOT).equals(wait)) {
                return waiter;
            }
        }
        throw new IllegalArgumentException(
                address + ": wait=" + wait + ": block, park, yield or spin");
    }
}
