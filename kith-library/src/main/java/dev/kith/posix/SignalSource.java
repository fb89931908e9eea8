// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Waitable;

/** Where a {@link SignalQueue} takes its values from. */
interface SignalSource {
    /** The next value; null if none came in time. */
    SignalQueue.Received take(long timeoutNanos) throws InterruptedException;

    /** The next value if there is one now, or null. */
    SignalQueue.Received poll();

    String address();

    boolean isReady();

    Waitable.Registration whenReady(Runnable wake);

    void close();
}
