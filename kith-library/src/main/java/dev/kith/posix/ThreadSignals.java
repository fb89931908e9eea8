// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Closed;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.OwnThreads;
import dev.kith.kernel.Pthread;
import dev.kith.kernel.Signal;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The signal of one thread of ours, in a JVM whose other threads do not block it. Only a thread
 * itself can take what was sent to it, so it hands the values to those who receive.
 */
final class ThreadSignals implements SignalSource {
    /** Values taken ahead of the receivers; the others wait in the kernel, which bounds them. */
    private static final int MOST_TAKEN = 256;

    private final long pid = ProcessHandle.current().pid();
    private final SignalFd signals =
            SignalFd.open(Signal.bit(SignalQueue.SIGNAL), "signal queue of process " + pid);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("kith-signal").unstarted(this::run);
    private final Queue<SignalQueue.Received> taken = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private int tid;
    private Path task;
    private boolean closed;
    private RuntimeException failure;

    private ThreadSignals() {}

    static ThreadSignals start() {
        ThreadSignals signals = new ThreadSignals();
        signals.thread.start();
        signals.awaitStarted();
        signals.checkOpen();
        return signals;
    }

    @Override
    public synchronized SignalQueue.Received take(long timeoutNanos) throws InterruptedException {
        long deadline = Deadline.after(timeoutNanos);
        while (taken.isEmpty() && !Deadline.passed(deadline)) {
            checkOpen();
            if (deadline == Deadline.FOREVER) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, Deadline.left(deadline));
            }
        }
        return poll();
    }

    @Override
    public synchronized SignalQueue.Received poll() {
        awaitHandedOver();
        checkOpen();
        SignalQueue.Received received = taken.poll();
        if (taken.size() == MOST_TAKEN - 1) {
            notifyAll();
        }
        return received;
    }

    @Override
    public String address() {
        return pid + "/" + tid;
    }

    @Override
    public synchronized boolean isReady() {
        return closed || failure != null || !taken.isEmpty() || waitsInKernel();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        synchronized (this) {
            if (!isReady()) {
                waiting.add(wake);
                return () -> forget(wake);
            }
        }
        wake.run();
        return () -> {};
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        wakeAll();
        thread.interrupt();
        awaitGone();
    }

    private void run() {
        try (signals) {
            OwnThreads.start();
            block();
            started(Unistd.gettid());
            for (; ; ) {
                signals.await();
                if (takeOne()) {
                    wakeAll();
                }
            }
        } catch (InterruptedException closing) {
            // the only one who interrupts is close()
        } catch (RuntimeException failed) {
            synchronized (this) {
                failure = failed;
            }
            wakeAll();
        }
    }

    /** The kernel's thread ends a little after Java's; until then senders find somebody there. */
    private void awaitGone() {
        boolean interrupted = false;
        // Bounded, because a new thread may be given the same number.
        for (int i = 0; i < 1000 && (thread.isAlive() || Files.exists(task)); i++) {
            try {
                thread.join();
                Thread.sleep(1);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void block() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = Signal.set(arena, Signal.bit(SignalQueue.SIGNAL));
            int error = Pthread.sigmask(Signal.SIG_BLOCK, set, MemorySegment.NULL);
            Errors.check(-error, "pthread_sigmask(SIG_BLOCK, SIGRTMIN+6)", "");
        }
    }

    /** Under the lock, so that for the others a signal is either in the kernel or here. */
    private synchronized boolean takeOne() throws InterruptedException {
        while (taken.size() >= MOST_TAKEN) {
            wait();
        }
        SignalFd.Taken next = signals.poll();
        return next != null && next.hasValue() && taken.add(SignalQueue.Received.of(next));
    }

    /** Waits for our thread to take what was sent before this call. */
    private void awaitHandedOver() {
        boolean interrupted = false;
        while (taken.isEmpty() && !closed && failure == null && waitsInKernel()) {
            try {
                wait(1);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean waitsInKernel() {
        SignalStatus status = SignalStatus.of(task);
        return status != null && (status.pending() & Signal.bit(SignalQueue.SIGNAL)) != 0;
    }

    private void wakeAll() {
        List<Runnable> woken;
        synchronized (this) {
            notifyAll();
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(Runnable::run);
    }

    private synchronized void started(int number) {
        tid = number;
        task = Path.of("/proc/self/task/" + number);
        notifyAll();
    }

    private synchronized void awaitStarted() {
        boolean interrupted = false;
        while (tid == 0 && failure == null) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new Closed("signal queue " + address() + " is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized void forget(Runnable wake) {
        waiting.remove(wake);
    }
}
