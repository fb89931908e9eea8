// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Peer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a process runs, by what it has written of itself: where there is no lock to ask for. */
final class Identity {
    /** Without it (not Linux) the number of a process is all there is to go by. */
    private static final boolean PROC = Files.exists(Path.of("/proc/self/stat"));

    private Identity() {}

    /**
     * Whether it runs. One of another pid namespace, whose number says nothing here, is taken to,
     * unless the machine was started anew.
     */
    static boolean lives(Peer peer) {
        if (!PROC) {
            return handled(peer.pid());
        }
        Peer me = Peer.current();
        boolean elsewhere =
                peer.bootId().equals(me.bootId())
                        && peer.pidNamespace() != 0
                        && peer.pidNamespace() != me.pidNamespace();
        return elsewhere || peer.isAlive();
    }

    /** Whether any process of that number runs. */
    static boolean runs(long pid) {
        return PROC ? Peer.of(pid).isPresent() : handled(pid);
    }

    /** The same by the JDK alone. */
    static boolean handled(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
