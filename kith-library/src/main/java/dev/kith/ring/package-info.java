// SPDX-License-Identifier: Apache-2.0
/**
 * Messages through shared memory, without a copy and without a system call.
 *
 * <p>{@link dev.kith.ring.SpscRing} has one producer, {@link dev.kith.ring.MpscRing} has many; both
 * have one consumer. {@link dev.kith.ring.Broadcast} has any number of {@linkplain
 * dev.kith.ring.Subscriber subscribers}. A {@link dev.kith.ring.RingProducer} gives out {@linkplain
 * dev.kith.ring.Claim room to write in}, a {@link dev.kith.ring.RingConsumer} hands messages
 * {@linkplain dev.kith.ring.RingHandler out in place}, {@link dev.kith.ring.Waiter} says how either
 * waits. The memory is laid out as docs/design/ring-layout.md says, so that a program in C can
 * join.
 */
package dev.kith.ring;
