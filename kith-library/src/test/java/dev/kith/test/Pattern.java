// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.util.Arrays;

/**
 * Messages that say who they are, so that one that is not whole, or is mixed with another, is found
 * out.
 */
public final class Pattern {
    private Pattern() {}

    /**
     * A message of at least 4 bytes: a number, then a byte that follows from the number and the
     * length.
     */
    public static byte[] of(int id, int length) {
        byte[] message = new byte[Math.max(4, length)];
        Arrays.fill(message, (byte) (id * 31 + message.length));
        for (int i = 0; i < 4; i++) {
            message[i] = (byte) (id >> 8 * i);
        }
        return message;
    }

    /** The number in a message that is whole. */
    public static int check(byte[] message) {
        int id = 0;
        for (int i = 0; i < 4; i++) {
            id |= (message[i] & 0xff) << 8 * i;
        }
        if (!Arrays.equals(message, of(id, message.length))) {
            throw new AssertionError("not whole: id=" + id + ", length=" + message.length);
        }
        return id;
    }
}
