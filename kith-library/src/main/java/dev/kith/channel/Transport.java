// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a mechanism must supply to be a scheme of {@link Channel#open}. Found by {@link
 * java.util.ServiceLoader}: Kith's own first, then those of the context class loader. See
 * docs/adding-a-mechanism.md.
 */
public interface Transport {
    /**
     * The scheme of its addresses.
     *
     * @return without the colon: {@code fifo}
     */
    String scheme();

    /**
     * What it is, in one line.
     *
     * @return a phrase without a full stop
     */
    String summary();

    /**
     * How an address is written.
     *
     * @return a pattern for people: {@code fifo:/path}
     */
    String syntax();

    /**
     * What it can do.
     *
     * @return its traits
     */
    Set<Trait> traits();

    /**
     * The options that its addresses may have.
     *
     * @return name to meaning, for example {@code capacity} to {@code messages, 10}
     */
    Map<String, String> options();

    /**
     * An address that nothing uses yet, for trials: tests, benchmarks, demonstrations.
     *
     * @param directory where to put paths, for mechanisms that have them
     * @return an address for {@link #create}, {@link #listen} or {@link #pair}, whichever the
     *     traits name
     */
    default Address fresh(Path directory) {
        return new Address(scheme(), "", Map.of());
    }

    /**
     * The address to use when several processes shall hold the same end of it. {@link
     * Trait#MANY_WRITERS} and {@link Trait#MANY_READERS} hold for it; without the option that it
     * adds, if it adds one, they do not.
     *
     * @param address any
     * @return the same address with the option that it takes, if it takes any
     */
    default Address shared(Address address) {
        return address;
    }

    /**
     * The address to use when every receiver shall get every message. {@link Trait#BROADCASTS}
     * holds for it, {@link Trait#PERSISTENT} and {@link Trait#MANY_READERS} do not.
     *
     * @param address any
     * @return the same address with the option that it takes
     */
    default Address broadcast(Address address) {
        throw unsupported("broadcast");
    }

    /**
     * The longest message at that address.
     *
     * @param address as given, options included
     * @return bytes
     */
    long maxMessageBytes(Address address);

    /**
     * Opens or connects to an existing object.
     *
     * @param address with options from {@link #options()} only
     * @param direction what for
     * @return the open end
     */
    Link open(Address address, Direction direction);

    /**
     * Opens or connects to an existing object, waiting a limited time where that waits for the
     * other side.
     *
     * @param address with options from {@link #options()} only
     * @param direction what for
     * @param timeoutNanos how long to wait at most, or {@link Link#FOREVER}
     * @return the open end
     * @throws InterruptedException if the thread was interrupted while it waited
     * @throws dev.kith.TimedOut if the time has passed
     */
    default Link open(Address address, Direction direction, long timeoutNanos)
            throws InterruptedException {
        return open(address, direction);
    }

    /**
     * Makes the object, without opening it.
     *
     * @param address with options from {@link #options()} only
     * @return the address to open, with what was picked filled in
     */
    default Address create(Address address) {
        throw unsupported("create");
    }

    /**
     * Takes a name and listens.
     *
     * @param address with options from {@link #options()} only
     * @return the listening end
     */
    default Binding listen(Address address) {
        throw unsupported("listen");
    }

    /**
     * Makes two connected ends.
     *
     * @param address with options from {@link #options()} only
     * @return two ends; on a simplex mechanism the first receives
     */
    default List<Link> pair(Address address) {
        throw unsupported("pair");
    }

    /**
     * Makes an end from a handle that came from another process.
     *
     * @param address of the end there
     * @param direction of the end there
     * @param handle what {@link Link#travels()} gave there
     * @return the open end
     */
    default Link adopt(Address address, Direction direction, Object handle) {
        throw unsupported("adopt a handle");
    }

    /**
     * Removes the name.
     *
     * @param address of the object
     * @throws dev.kith.NotFound if there is none
     */
    default void remove(Address address) {
        throw unsupported("remove");
    }

    /**
     * The messages that wait, without taking them.
     *
     * @param address of the object
     * @param limit how many at the most
     * @return the raw messages in the order in which they would be received
     */
    default List<dev.kith.Message<byte[]>> peek(Address address, int limit) {
        throw unsupported("peek");
    }

    /**
     * The exception for what this mechanism does not do.
     *
     * @param operation a verb
     * @return to be thrown
     */
    default UnsupportedOperationException unsupported(String operation) {
        return new UnsupportedOperationException(
                scheme() + ": does not " + operation + " (" + summary() + ")");
    }
}
