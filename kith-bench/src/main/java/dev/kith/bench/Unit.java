// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Locale;

/** How people are told a figure. */
enum Unit {
    /** Of nanoseconds. */
    TIME,
    /** Of nanoseconds a message. */
    MESSAGES,
    /** Of nanoseconds a MiB. */
    BYTES,
    /** Of a part of one processor, in percent. */
    PERCENT,
    /** Of a number of bytes. */
    SIZE;

    String of(double value) {
        return switch (this) {
            case TIME -> Table.time(value);
            case MESSAGES -> String.format(Locale.ROOT, "%.2f M/s", 1000 / value);
            case BYTES -> String.format(Locale.ROOT, "%.1f GB/s", (1 << 20) / value);
            case PERCENT -> String.format(Locale.ROOT, "%.3f %%", value);
            case SIZE -> String.format(Locale.ROOT, "%.0f B", value);
        };
    }
}
