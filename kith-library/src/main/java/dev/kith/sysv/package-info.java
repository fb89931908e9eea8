// SPDX-License-Identifier: Apache-2.0
/**
 * System V objects: message queues whose messages have types, sets of semaphores, shared memory.
 * They are found by a number, the {@link dev.kith.sysv.Key}, and stay until they are removed or the
 * machine restarts.
 *
 * <p>Every handle is of a kernel object that C ({@code msgget}, {@code semget}, {@code shmget}) and
 * Python ({@code sysv_ipc}) reach too. {@code close()} lets go of the handle, {@code unlink()}
 * removes the object. Handles are serialisable, so a task for another process of this machine may
 * capture them.
 */
package dev.kith.sysv;
