// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Peer;
import java.time.Instant;

/**
 * A thread that waits for something that is shared.
 *
 * @param peer its process
 * @param threadId its number in its JVM ({@link Thread#threadId()})
 * @param threadName its name, cut to 88 bytes of UTF-8
 * @param since when it began to wait
 */
public record LockWaiter(Peer peer, long threadId, String threadName, Instant since) {}
