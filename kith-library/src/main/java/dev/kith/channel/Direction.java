// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/** What an end is opened for. */
public enum Direction {
    /** To send. */
    SEND,
    /** To receive. */
    RECEIVE,
    /** To send and to receive. */
    BOTH;

    /**
     * Whether an end opened so may send.
     *
     * @return true for {@link #SEND} and {@link #BOTH}
     */
    public boolean sends() {
        return this != RECEIVE;
    }

    /**
     * Whether an end opened so may receive.
     *
     * @return true for {@link #RECEIVE} and {@link #BOTH}
     */
    public boolean receives() {
        return this != SEND;
    }
}
