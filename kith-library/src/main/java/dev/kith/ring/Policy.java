// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/**
 * What becomes of the messages that a {@link Subscriber} of a {@link Broadcast} is too slow for.
 */
public enum Policy {
    /**
     * Nothing is lost: the producers wait for the subscriber while the ring is full of what it has
     * not taken. It gets messages in place. If its process dies, they wait for it no longer.
     */
    BLOCK,

    /**
     * The oldest are lost: the producers go on, and a subscriber that they have overtaken goes on
     * with the oldest message that is still there. It gets copies, which are whole.
     */
    DROP_OLDEST,

    /**
     * The newest are lost: the subscriber keeps what it has, and does not see what comes while it
     * is full. It has a memory of its own, as large as the ring, into which it takes what has come
     * whenever {@link Subscriber#drain} is called and each time its handler returns. What does not
     * fit then is lost; and so is what the producers overwrite before, if a handler takes so long:
     * they neither wait nor look.
     */
    DROP_NEWEST,

    /**
     * All but the last are lost: the subscriber gets the newest message whenever it looks, as a
     * copy. One that joins begins with the last message that was sent before.
     */
    LATEST
}
