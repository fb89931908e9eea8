// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.Message;

/**
 * A message of a System V queue.
 *
 * @param <T> the type of the value
 * @param type what it was sent with, at least 1
 * @param value the message
 * @param lengthBytes how many bytes it had in the queue
 */
public record TypedMessage<T>(long type, T value, long lengthBytes) implements Message<T> {}
