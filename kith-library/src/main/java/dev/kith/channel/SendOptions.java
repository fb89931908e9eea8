// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/**
 * The options of one message together, as a {@link Link} gets them.
 *
 * @param priority 0 if none was given
 * @param type 0 if none was given
 */
public record SendOptions(int priority, long type) {
    /** No option. */
    public static final SendOptions NONE = new SendOptions(0, 0);

    /**
     * Puts options together.
     *
     * @param options the last of a kind counts
     * @return one value for all
     */
    static SendOptions of(SendOption... options) {
        int priority = 0;
        long type = 0;
        for (SendOption option : options) {
            switch (option) {
                case SendOption.Priority(int given) -> priority = given;
                case SendOption.Type(long given) -> type = given;
            }
        }
        return priority == 0 && type == 0 ? NONE : new SendOptions(priority, type);
    }
}
