// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Message;

/** A message of a mechanism that says nothing about it but its length. */
record Received<T>(T value, long lengthBytes) implements Message<T> {}
