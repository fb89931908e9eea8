// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Closed;
import dev.kith.Waitable.Registration;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Readiness;
import dev.kith.kernel.Poll;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for a queue without being in a call on it: told of a message, and of the close. */
final class QueueWaiting {
    private final Descriptor queue;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();

    QueueWaiting(Descriptor queue) {
        this.queue = queue;
    }

    Registration register(Runnable wake) {
        Waiter waiter = new Waiter(Objects.requireNonNull(wake, "wake"));
        waiters.add(waiter);
        try {
            waiter.polled = poll(wake);
        } catch (Closed ready) {
            wake.run();
        }
        return waiter;
    }

    void close() {
        waiters.forEach(waiter -> waiter.wake.run());
    }

    private Registration poll(Runnable wake) {
        queue.gate().enter();
        try {
            return Readiness.when(queue.fd(), Poll.POLLIN, wake);
        } finally {
            queue.gate().exit();
        }
    }

    private final class Waiter implements Registration {
        private final Runnable wake;
        private Registration polled = () -> {};

        Waiter(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public void close() {
            waiters.remove(this);
            polled.close();
        }
    }
}
