// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.kernel.SysMsg;

/** Which messages a receive takes, by their type. */
public final class Types {
    private static final Types ANY = new Types(0, 0, "any");

    /** The argument {@code msgtyp} of msgrcv. */
    final long type;

    /** MSG_EXCEPT or 0. */
    final int flags;

    private final String text;

    private Types(long type, int flags, String text) {
        this.type = type;
        this.flags = flags;
        this.text = text;
    }

    /**
     * The oldest message, whatever its type.
     *
     * @return the selection
     */
    public static Types any() {
        return ANY;
    }

    /**
     * The oldest message of one type.
     *
     * @param type at least 1
     * @return the selection
     */
    public static Types of(long type) {
        return new Types(check(type), 0, "type " + type);
    }

    /**
     * The oldest message of the lowest type there is, up to one: types as priorities, 1 the most
     * urgent. A negative type of msgrcv.
     *
     * @param highest at least 1
     * @return the selection
     */
    public static Types upTo(long highest) {
        return new Types(-check(highest), 0, "types up to " + highest);
    }

    /**
     * The oldest message of any type but one: MSG_EXCEPT.
     *
     * @param type at least 1
     * @return the selection
     */
    public static Types except(long type) {
        return new Types(check(type), SysMsg.MSG_EXCEPT, "types but " + type);
    }

    /**
     * Whether a message of this type is selected.
     *
     * @param messageType at least 1
     * @return true if a receive may take it
     */
    public boolean contains(long messageType) {
        if (type < 0) {
            return messageType <= -type;
        }
        return type == 0 || (messageType == type) == (flags == 0);
    }

    @Override
    public String toString() {
        return text;
    }

    static long check(long type) {
        if (type < 1) {
            throw new IllegalArgumentException("type=" + type + ", lowest=1");
        }
        return type;
    }
}
