// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

/**
 * Whether native calls were granted to Kith, asked before the first of them: the first call without
 * the grant makes the JVM print a warning and count as granted from then on.
 */
public final class NativeAccess {
    private static final boolean GRANTED = NativeAccess.class.getModule().isNativeAccessEnabled();

    private NativeAccess() {}

    /** Whether the JVM was started with native access for Kith. */
    public static boolean granted() {
        return GRANTED;
    }

    /**
     * Whether native calls may be made without a word on stderr, and are known here: what has a
     * second way of doing its work, by the JDK alone, takes that one otherwise.
     */
    public static boolean usable() {
        return GRANTED && Arch.KNOWN;
    }

    /** What {@code --enable-native-access} must name: the module, or all that have none. */
    public static String grantee() {
        Module module = NativeAccess.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }
}
