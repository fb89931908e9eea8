// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.blocking.Knob;

/** The knobs in /proc/sys/kernel. */
final class Limits {
    private Limits() {}

    /** What a knob is set to; "unknown" where /proc does not tell. */
    static String read(String knob) {
        return Knob.read("kernel/" + knob);
    }

    /** A knob with one number, or the kernel's default where /proc does not tell. */
    static long number(String knob, long otherwise) {
        return Knob.number("kernel/" + knob, otherwise);
    }
}
