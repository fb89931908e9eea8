// SPDX-License-Identifier: Apache-2.0
/**
 * One class per POSIX object: pipes, FIFOs, message queues, semaphores, shared memory, mapped
 * files, file locks, signals.
 *
 * <p>{@code create}, {@code open} and {@code openOrCreate} make handles, {@code close} lets go of a
 * handle, {@code unlink} removes a name. Objects are the kernel's: programs in C and Python use the
 * same ones.
 */
package dev.kith.posix;
