// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Message;

/**
 * A message of a POSIX queue.
 *
 * @param <T> the type of the value
 * @param priority what it was sent with
 * @param value what was sent
 * @param lengthBytes how long it was in the queue
 */
public record PriorityMessage<T>(int priority, T value, long lengthBytes) implements Message<T> {}
