// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static dev.kith.kernel.LinuxMembarrier.MEMBARRIER_CMD_GLOBAL_EXPEDITED;
import static dev.kith.kernel.LinuxMembarrier.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED;

import dev.kith.kernel.LinuxMembarrier;
import java.lang.invoke.VarHandle;

/**
 * The barrier between a store and a later load, for two processes of which one publishes often and
 * the other falls asleep seldom: the one that falls asleep makes all others pass it
 * (membarrier(2)), so that those who publish need none. See blocking.Barrier for the same within a
 * process.
 */
final class Fence {
    /**
     * Whether others can make this process pass a barrier. Who reads false passes one by itself, so
     * it is right at any time.
     */
    private static volatile boolean registered;

    private static final class Holder {
        static final boolean REACHES =
                LinuxMembarrier.membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED) == 0;

        static {
            // Takes some 10 ms, which nobody has to wait for.
            Thread.ofPlatform().daemon().name("kith-membarrier").start(Holder::register);
        }

        private static void register() {
            registered = LinuxMembarrier.membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED) == 0;
        }
    }

    private Fence() {}

    /** Lets others make this process pass a barrier, from soon on. */
    static void register() {
        reaches();
    }

    /** Whether this process can make others pass a barrier. */
    static boolean reaches() {
        return Holder.REACHES;
    }

    /** Whether {@link #heavy()} makes the threads of this process pass a barrier. */
    static boolean reachesOwn() {
        return registered;
    }

    /** Between the store and the load of who publishes. */
    static void light() {
        if (!registered) {
            VarHandle.fullFence();
        }
    }

    /** Between the store and the load of who falls asleep. */
    static void heavy() {
        VarHandle.fullFence();
        LinuxMembarrier.membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED);
    }
}
