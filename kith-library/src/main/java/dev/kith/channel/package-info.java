// SPDX-License-Identifier: Apache-2.0
/**
 * Channels: one way to send and receive over every mechanism, chosen by a URI. {@link
 * dev.kith.channel.Channel} is where to begin; {@link dev.kith.channel.Transport} is what a
 * mechanism must supply.
 */
package dev.kith.channel;
