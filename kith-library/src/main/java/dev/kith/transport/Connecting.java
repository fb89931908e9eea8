// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.TimedOut;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import java.time.Duration;
import java.util.Optional;

/** Connecting to a listener, which waits while its backlog is full or the other host is silent. */
final class Connecting {
    private Connecting() {}

    /** A connection that may take some time. */
    interface Attempt {
        Link make() throws InterruptedException;
    }

    /** For the form without a time-out, which declares no interruption. */
    static Link forEver(Address address, Attempt attempt) {
        try {
            return attempt.make();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IpcException("interrupted while connecting to " + address, e);
        }
    }

    /** What came of a connection that had a limited time. */
    static <S> S inTime(Address address, long timeoutNanos, Optional<S> connected) {
        return connected.orElseThrow(() -> timedOut(address, timeoutNanos));
    }

    static TimedOut timedOut(Address address, long timeoutNanos) {
        return new TimedOut(
                "connect("
                        + address.withoutOptions()
                        + "): not in "
                        + Duration.ofNanos(timeoutNanos)
                        + ": the backlog of the listener is full, or its host does not answer");
    }
}
