// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.util.function.Consumer;

/**
 * The places after each store at which a test lets a process or a party die. Without the system
 * property {@code dev.kith.ring.killpoints} they are nothing: the constant is false.
 */
final class KillPoints {
    private static final boolean ARMED = Boolean.getBoolean("dev.kith.ring.killpoints");

    /** What happens at each, in a test. */
    static volatile Consumer<String> hook = _ -> {};

    private KillPoints() {}

    static void pass(String name) {
        if (ARMED) {
            hook.accept(name);
        }
    }
}
