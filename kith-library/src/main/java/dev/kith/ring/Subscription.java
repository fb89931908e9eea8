// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Peer;

/**
 * A subscriber of a {@link Broadcast} as any process sees it.
 *
 * @param peer its process
 * @param policy how it is treated if it is slow
 * @param taken how many messages it has taken
 * @param lost how many messages it will not get, as far as it has noticed
 * @param behind how many messages were begun after the last that it has read; some of them may turn
 *     out to be none
 */
public record Subscription(Peer peer, Policy policy, long taken, long lost, long behind) {}
