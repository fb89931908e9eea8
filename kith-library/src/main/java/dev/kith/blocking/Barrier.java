// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.LinuxMembarrier.MEMBARRIER_CMD_PRIVATE_EXPEDITED;
import static dev.kith.kernel.LinuxMembarrier.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;

import dev.kith.kernel.LinuxMembarrier;
import java.lang.invoke.VarHandle;

/**
 * The two halves of a barrier between a store and a later load, for a pair of threads of which one
 * comes often and the other seldom (Dekker's way: each stores, then loads what the other stores, so
 * that at least one of them sees the other).
 *
 * <p>Who comes often uses {@link #light()}, which costs nothing once {@link #cheapen()} has been
 * called: the kernel makes its thread pass a full barrier whenever the other side calls {@link
 * #heavy()}. If that falls before the store, the load comes later still and sees what the other
 * stored before heavy(); if it falls after the store, the other sees the store. For that the two
 * accesses must stand in the machine code in the order of the program: opaque and stronger modes of
 * VarHandle do.
 */
final class Barrier {
    /**
     * Whether the process is registered. Who still reads false here has passed a full barrier by
     * itself; who does not call the kernel because it reads false has stored before, so that a
     * light() which reads true sees it.
     */
    private static volatile boolean registered;

    private Barrier() {}

    /** Between the store and the load of the side that comes often. */
    static void light() {
        if (!registered) {
            VarHandle.fullFence();
        }
    }

    /** Between the store and the load of the side that comes seldom. */
    static void heavy() {
        VarHandle.fullFence();
        if (registered) {
            LinuxMembarrier.membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
        }
    }

    /** Makes light() free, where the kernel lets it. Takes some 10 ms, once. */
    static void cheapen() {
        if (LinuxMembarrier.membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0
                && LinuxMembarrier.membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0) {
            registered = true;
        }
    }
}
