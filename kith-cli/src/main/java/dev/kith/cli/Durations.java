// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.math.BigDecimal;
import java.time.Duration;

/** Times as people write them: {@code 500ms}, {@code 2s}, {@code 1.5}, {@code 10m}. */
final class Durations {
    private static final String[] UNITS = {"ns", "us", "ms", "s", "m", "h"};
    private static final long[] NANOS = {
        1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L
    };

    private Durations() {}

    static Duration parse(String option, String given) {
        int digits = given.length();
        while (digits > 0 && Character.isLetter(given.charAt(digits - 1))) {
            digits--;
        }
        String unit = digits == given.length() ? "s" : given.substring(digits);
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                return of(option, given, given.substring(0, digits), NANOS[i]);
            }
        }
        throw wrong(option, given);
    }

    /** The shortest way to say it that loses nothing down to the millisecond. */
    static String print(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private static Duration of(String option, String given, String number, long unitNanos) {
        try {
            BigDecimal nanos = new BigDecimal(number).multiply(BigDecimal.valueOf(unitNanos));
            if (nanos.signum() >= 0) {
                return Duration.ofNanos(nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
            }
        } catch (NumberFormatException notOne) {
            // said below
        }
        throw wrong(option, given);
    }

    private static IllegalArgumentException wrong(String option, String given) {
        return new IllegalArgumentException(
                option
                        + " "
                        + given
                        + ": not a time: known are 500ms 2s 1.5 10m (units ns us ms s m h, seconds"
                        + " if none)");
    }
}
