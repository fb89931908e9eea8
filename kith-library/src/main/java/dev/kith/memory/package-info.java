// SPDX-License-Identifier: Apache-2.0
/**
 * The robust core of everything of ours in shared memory: a {@link dev.kith.memory.Region} with a
 * checked {@link dev.kith.memory.Header}, the {@link dev.kith.memory.AttachTable} of the processes
 * that use it, who of them is alive ({@link dev.kith.memory.Watch}), and waiting without burning a
 * processor ({@link dev.kith.memory.Parking}).
 *
 * <p>Everything works without native access too, by the JDK alone and without a line on stderr,
 * with weaker bounds: see {@link dev.kith.kernel.NativeAccess#usable()}. Processes with and without
 * it share a region.
 */
package dev.kith.memory;
