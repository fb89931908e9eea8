// SPDX-License-Identifier: Apache-2.0
/**
 * Kith: inter-process communication for Java, every way two processes can talk, in one API.
 *
 * <p>The packages from the ground up, each using only those above it in this list:
 *
 * <ul>
 *   <li>{@code dev.kith}: exceptions, {@link dev.kith.Peer}, {@link dev.kith.Message}, listings
 *   <li>{@code dev.kith.codec}: values to bytes and back
 *   <li>{@code dev.kith.kernel}: raw system calls (not exported)
 *   <li>{@code dev.kith.blocking}: how a call blocks, times out, is interrupted and closed (not
 *       exported)
 *   <li>{@code dev.kith.posix}, {@code dev.kith.sysv}, {@code dev.kith.linux}: one class per kernel
 *       object
 *   <li>{@code dev.kith.memory}: the robust core of everything of ours in shared memory (not
 *       exported)
 *   <li>{@code dev.kith.ring}: messages through shared memory, written and read in place
 *   <li>{@code dev.kith.shared}: what dead processes left in shared memory, found and removed
 *   <li>{@code dev.kith.channel}: one way to send and receive over all of them, by URI
 *   <li>{@code dev.kith.transport}: one class per URI scheme (not exported)
 *   <li>{@code dev.kith.process}: child JVMs that run lambdas
 * </ul>
 */
package dev.kith;
