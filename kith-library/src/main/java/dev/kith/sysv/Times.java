// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import java.time.Instant;
import java.util.Optional;

/** The kernel's times of System V objects: seconds, 0 for never. */
final class Times {
    private Times() {}

    static Optional<Instant> of(long seconds) {
        return seconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
    }
}
