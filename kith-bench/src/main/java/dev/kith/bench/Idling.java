// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** How the rivals wait. */
final class Idling {
    private Idling() {}

    static IdleStrategy of(Course.Idle idle) {
        return switch (idle) {
            case SPIN -> new BusySpinIdleStrategy();
            case YIELD -> new YieldingIdleStrategy();
            case BLOCK -> new BackoffIdleStrategy();
            case PARK -> throw new IllegalArgumentException("nobody would wake it");
        };
    }
}
