// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Waitable;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells when a message has come, by a virtual thread that looks again and again and never takes
 * one: the kernel has no other way. The thread runs while anybody asks.
 */
final class SysvQueueWatch {
    private final int id;
    private final Types which;
    private final List<Request> requests = new ArrayList<>();

    /** The handle that the thread waits on, null if none runs. */
    private MessageQueue watching;

    private boolean finished;

    SysvQueueWatch(int id, Types which) {
        this.id = id;
        this.which = which;
    }

    private static final class Request {
        final Runnable wake;

        Request(Runnable wake) {
            this.wake = wake;
        }
    }

    /** Asks to be told once; at once if there is nothing left to wait for. */
    Waitable.Registration add(Runnable wake) {
        Request request = new Request(wake);
        if (begin(request)) {
            return () -> remove(request);
        }
        wake.run();
        return () -> {};
    }

    /** Tells all who asked, and everybody who asks from now on. */
    void finish() {
        synchronized (this) {
            finished = true;
        }
        tell();
    }

    /** Tells all who asked, and ends the thread. */
    private void tell() {
        List<Request> told;
        MessageQueue idle;
        synchronized (this) {
            told = List.copyOf(requests);
            requests.clear();
            idle = watching;
            watching = null;
        }
        if (idle != null) {
            idle.close();
        }
        told.forEach(request -> request.wake.run());
    }

    /**
     * Notes a request and sees to it that a thread waits; false if there is no waiting any more.
     */
    private synchronized boolean begin(Request request) {
        if (finished) {
            return false;
        }
        if (watching == null) {
            MessageQueue queue;
            try {
                queue = MessageQueue.openId(id);
            } catch (IpcException removed) {
                return false;
            }
            watching = queue;
            Thread.ofVirtual().name("kith-sysvmq-watch").start(() -> run(queue));
        }
        requests.add(request);
        return true;
    }

    private void remove(Request request) {
        MessageQueue idle = null;
        synchronized (this) {
            if (requests.remove(request) && requests.isEmpty()) {
                idle = watching;
                watching = null;
            }
        }
        if (idle != null) {
            idle.close();
        }
    }

    private void run(MessageQueue queue) {
        try {
            queue.awaitMessage(which);
        } catch (IpcException | UnsupportedOperationException | InterruptedException failed) {
            // whoever is told finds out when it looks itself
        }
        synchronized (this) {
            if (watching != queue) {
                return; // nobody asks any more
            }
        }
        tell();
    }
}
