// SPDX-License-Identifier: Apache-2.0
/**
 * How a call blocks, once for every handle: it can be timed out, be interrupted, be ended by a
 * close in another thread, and it never holds the carrier of a virtual thread.
 *
 * <p>A {@link dev.kith.blocking.Gate} belongs to a handle and knows the threads that are in a call
 * on it. A thread that blocks is woken by the signal SIGRTMIN+10 ({@link
 * dev.kith.blocking.Blocked}), whatever it is that it blocks on: a descriptor, a semaphore, a
 * System V queue, a futex. So a blocking receive is one system call, not a poll and a read.
 */
package dev.kith.blocking;
