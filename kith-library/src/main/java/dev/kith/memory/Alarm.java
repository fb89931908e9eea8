// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.IpcException;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.blocking.Readiness;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysPidfd;
import dev.kith.kernel.Unistd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells of the death of processes: a descriptor for each (pidfd_open(2)), watched by the one thread
 * of this JVM that watches descriptors. One that dies is known well within a millisecond.
 */
final class Alarm {
    private static final Map<Peer, Alarm> ALL = new HashMap<>();

    private final Peer peer;
    private final List<Runnable> wakes = new ArrayList<>();
    private Waitable.Registration registration;
    private boolean rung;

    private Alarm(Peer peer) {
        this.peer = peer;
    }

    /**
     * Asks to be told once when a process ends; at once if it has.
     *
     * @param wake run in the thread that watches; must not block
     * @return empty if the process cannot be watched from here: without native access, from another
     *     pid namespace, before Linux 5.3
     */
    static Optional<Waitable.Registration> watch(Peer peer, Runnable wake) {
        if (!RegionFile.NATIVE || !isInSight(peer)) {
            return Optional.empty();
        }
        Alarm alarm;
        synchronized (ALL) {
            alarm = ALL.get(peer);
            if (alarm == null) {
                alarm = new Alarm(peer);
                if (!alarm.begin()) {
                    return Optional.empty();
                }
                if (!alarm.rung) {
                    ALL.put(peer, alarm);
                }
            }
            if (!alarm.rung) {
                alarm.wakes.add(wake);
                Alarm added = alarm;
                return Optional.of(() -> added.forget(wake));
            }
        }
        wake.run();
        return Optional.of(() -> {});
    }

    private static boolean isInSight(Peer peer) {
        Peer me = Peer.current();
        return peer.pid() > 0
                && peer.pid() <= Integer.MAX_VALUE
                && peer.pidNamespace() == me.pidNamespace()
                && peer.bootId().equals(me.bootId());
    }

    /** Under the lock of all; false if it cannot be watched. */
    private boolean begin() {
        int fd = SysPidfd.open((int) peer.pid(), 0);
        if (fd == -Errno.ESRCH) {
            rung = true;
            return true;
        }
        if (fd < 0) {
            return false;
        }
        try {
            // Alive after the descriptor was had means that the number was its.
            if (!peer.isAlive()) {
                rung = true;
            } else {
                registration = Readiness.when(fd, Poll.POLLIN, this::ring);
            }
            return true;
        } catch (IpcException noDescriptors) {
            return false;
        } finally {
            Unistd.close(fd);
        }
    }

    private void ring() {
        List<Runnable> told;
        synchronized (ALL) {
            rung = true;
            ALL.remove(peer, this);
            told = List.copyOf(wakes);
            end();
        }
        told.forEach(Runnable::run);
    }

    private void forget(Runnable wake) {
        synchronized (ALL) {
            if (wakes.remove(wake) && wakes.isEmpty() && !rung) {
                ALL.remove(peer, this);
                end();
            }
        }
    }

    private void end() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }
}
