// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/** Something to say about one message when it is sent. */
public sealed interface SendOption {
    /**
     * Sends ahead of all messages of a lower priority.
     *
     * @param priority 0 is the lowest; the highest is the mechanism's (32767 on POSIX queues)
     * @return the option
     */
    static SendOption priority(int priority) {
        return new Priority(priority);
    }

    /**
     * Sends under a type that a receiver may ask for.
     *
     * @param type at least 1
     * @return the option
     */
    static SendOption type(long type) {
        return new Type(type);
    }

    /**
     * {@link SendOption#priority(int)}.
     *
     * @param priority 0 is the lowest
     */
    record Priority(int priority) implements SendOption {
        /** Checks the value. */
        public Priority {
            if (priority < 0) {
                throw new IllegalArgumentException("priority=" + priority + ", lowest=0");
            }
        }
    }

    /**
     * {@link SendOption#type(long)}.
     *
     * @param type at least 1
     */
    record Type(long type) implements SendOption {
        /** Checks the value. */
        public Type {
            if (type < 1) {
                throw new IllegalArgumentException("type=" + type + ", lowest=1");
            }
        }
    }
}
