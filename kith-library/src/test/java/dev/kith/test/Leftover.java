// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

/** What a test may leave behind. */
public enum Leftover {
    /** Files of /dev/shm: shared memory and POSIX semaphores, whoever's layout they have. */
    MEMORY,

    /** POSIX message queues. */
    QUEUE,

    /** System V queues, semaphore sets and shared memory. */
    SYSTEM_V,

    /** Sockets and FIFOs in the folder of temporary files, and in folders made there meanwhile. */
    FILE,

    /** Names in the abstract namespace of Unix sockets that this process holds. */
    NAME,

    /** Descriptors that this process holds open. */
    DESCRIPTOR,

    /** Children of this process. */
    PROCESS,

    /** Threads of Kith that keep the JVM from ending. */
    THREAD
}
