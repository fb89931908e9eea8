// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/**
 * What a mechanism can do, as data: the contract tests, the command line, the benchmarks and the
 * documentation read it, so that none of them needs to know a mechanism by name. A trait holds for
 * every address of the mechanism, unless it says for which.
 */
public enum Trait {
    /** Keeps the boundaries of messages by itself. */
    MESSAGES,
    /** Carries a stream of bytes; messages are framed ({@code ?framing=}). */
    STREAM,
    /** One end both sends and receives. */
    DUPLEX,
    /** Has a name by which unrelated processes find it. */
    NAMED,
    /**
     * What was sent stays when every process has closed it. Not of an address that {@link
     * Transport#broadcast} gives, of which a receiver gets what is sent from when it was opened on.
     */
    PERSISTENT,
    /** Messages have a priority. */
    PRIORITY,
    /** Messages have a type. */
    TYPES,
    /**
     * Several processes may send on the same end; messages stay whole. Of an address that {@link
     * Transport#shared} gives: where a mechanism needs an option for it ({@code ?shared=true}), an
     * end without the option is for one process.
     */
    MANY_WRITERS,
    /**
     * Several processes may receive on the same end; each message goes to one of them, whole. Of an
     * address that {@link Transport#shared} gives, as for {@link #MANY_WRITERS}.
     */
    MANY_READERS,
    /**
     * Has addresses of which every receiver, in whatever process, gets every message that is sent
     * after it was opened: those that {@link Transport#broadcast} gives.
     */
    BROADCASTS,
    /** Messages can be written and read in place. */
    ZERO_COPY,
    /** Reaches other machines. */
    CROSS_HOST,
    /** Every message is exactly 8 bytes. */
    FIXED_8,
    /** Numbers that nobody received yet may become one: their sum. No number is 0 or less. */
    COALESCES,
    /** Holds a limited number of messages or bytes: a sender may have to wait. */
    BOUNDED,
    /** A message not acknowledged is delivered again. */
    ACKNOWLEDGED,
    /**
     * Open descriptors travel with messages: a value of {@code Codec.objects()} may contain handles
     * and channels that have no name. The sender's copy of each is closed when it has gone, unless
     * it was kept.
     */
    PASSES_FDS,
    /** The kernel tells who the other side is. */
    CREDENTIALS,
    /** Has sides: one listens, others connect. */
    CONNECTS,
    /** Who receives takes the name, for as long as it is open; who sends finds it there. */
    BINDS,
    /** Makes two connected ends without a name. */
    PAIRS
}
