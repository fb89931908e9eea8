// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Peer;

/**
 * A process that holds permits of a bounded {@link SharedSemaphore}.
 *
 * @param peer the process
 * @param permits how many, by one of its handles
 */
public record PermitHolder(Peer peer, int permits) {}
