// SPDX-License-Identifier: Apache-2.0
/**
 * Values to bytes in a memory segment, and back. {@link dev.kith.codec.Codec} is where to begin.
 */
package dev.kith.codec;
