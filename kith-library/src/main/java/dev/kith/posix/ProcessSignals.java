// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.kernel.Signal;

/**
 * The signal of a process that blocks it in every thread: whoever receives takes it from the
 * kernel.
 */
final class ProcessSignals implements SignalSource {
    private final String address = Long.toString(ProcessHandle.current().pid());
    private final SignalFd signals =
            SignalFd.open(Signal.bit(SignalQueue.SIGNAL), "signal queue " + address);

    @Override
    public SignalQueue.Received take(long timeoutNanos) throws InterruptedException {
        long deadline = Deadline.after(timeoutNanos);
        for (; ; ) {
            SignalFd.Taken taken = signals.take(Deadline.left(deadline));
            if (taken == null || taken.hasValue()) {
                return taken == null ? null : SignalQueue.Received.of(taken);
            }
        }
    }

    @Override
    public SignalQueue.Received poll() {
        for (; ; ) {
            SignalFd.Taken taken = signals.poll();
            if (taken == null || taken.hasValue()) {
                return taken == null ? null : SignalQueue.Received.of(taken);
            }
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean isReady() {
        return signals.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return signals.whenReady(wake);
    }

    @Override
    public void close() {
        signals.close();
    }
}
