// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.ring.Policy;
import dev.kith.ring.Waiter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options of {@code shm:} and {@code mmap:}.
 *
 * @param flavour who may send and who gets it
 * @param capacity bytes
 * @param policy how this end is treated if it receives from a broadcast and is slow
 * @param waiter how this end waits
 */
record RingOptions(Flavour flavour, long capacity, Policy policy, Waiter waiter) {
    static final String FLAVOUR = "flavour";
    private static final String CAPACITY = "capacity";
    private static final String POLICY = "policy";

    static final Map<String, String> KNOWN =
            Options.with(
                    Map.of(),
                    Map.of(
                            FLAVOUR,
                            "mpsc (many senders), spsc (one), mpsc if not said; or broadcast (every"
                                    + " receiver gets every message)",
                            CAPACITY,
                            "bytes, a power of two, 32768 if not said",
                            POLICY,
                            "of a broadcast, what a receiver loses that is too slow: block"
                                + " (nothing, who sends waits for it), drop-oldest, drop-newest,"
                                + " latest (all but the last); block if not said",
                            "wait",
                            "how this end waits: block, park, yield or spin; block if not said"));

    private static final long DEFAULT_BYTES = 32768;
    private static final long LEAST = 256;
    private static final long MOST = 1 << 30;

    /** What there can be in shared memory. */
    enum Flavour {
        MPSC,
        SPSC,
        BROADCAST;

        /** As addresses have it. */
        String text() {
            return RingOptions.text(this);
        }
    }

    static RingOptions of(Address address) {
        Map<String, String> options = address.options();
        Flavour flavour = value(address, FLAVOUR, Flavour.values(), Flavour.MPSC);
        if (options.containsKey(POLICY) && flavour != Flavour.BROADCAST) {
            throw new IllegalArgumentException(
                    address
                            + ": policy="
                            + options.get(POLICY)
                            + " is for flavour=broadcast alone: "
                            + address.withOption(FLAVOUR, Flavour.BROADCAST.text()));
        }
        long capacity = address.number(CAPACITY, DEFAULT_BYTES, LEAST, MOST);
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
        return new RingOptions(
                flavour,
                capacity,
                value(address, POLICY, Policy.values(), Policy.BLOCK),
                value(address, "wait", Waiter.values(), Waiter.BLOCK));
    }

    /** The longest message of a ring that is made so. */
    long maxMessageBytes() {
        return capacity / 4 - Long.BYTES;
    }

    /** Options say how to make a ring; one that exists must be as they say. */
    Medium checked(Address address, Medium found) {
        try {
            check(address, FLAVOUR, found.flavour() == flavour, found.flavour().text());
            long bytes = found.capacityBytes();
            check(address, CAPACITY, bytes == capacity, Long.toString(bytes));
            return found;
        } catch (RuntimeException failed) {
            found.close();
            throw failed;
        }
    }

    /** As options and listings have the constant of an enumeration. */
    static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
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

    private static <E extends Enum<E>> E value(
            Address address, String option, E[] known, E otherwise) {
        String given = address.options().get(option);
        if (given == null) {
            return otherwise;
        }
        for (E each : known) {
            if (text(each).equals(given)) {
                return each;
            }
        }
        List<String> all = Arrays.stream(known).map(RingOptions::text).toList();
        throw new IllegalArgumentException(
                address
                        + ": "
                        + option
                        + "="
                        + given
                        + ": "
                        + String.join(", ", all.subList(0, all.size() - 1))
                        + " or "
                        + all.getLast());
    }
}
