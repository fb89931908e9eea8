// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Python;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/** A call of a test that waits, in a thread of its own. */
final class BlockedCall<T> {
    private static final AtomicLong NEXT = new AtomicLong();

    private final FutureTask<T> task;
    private final Thread thread;

    private BlockedCall(boolean virtual, Callable<T> call) {
        task = new FutureTask<>(call);
        thread =
                virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().daemon().start(task);
    }

    static <T> BlockedCall<T> start(Callable<T> call) {
        return start(false, call);
    }

    /**
     * Starts the call and gives it the time to block in the kernel, where its state does not tell.
     */
    static <T> BlockedCall<T> start(boolean virtual, Callable<T> call) {
        BlockedCall<T> started = new BlockedCall<>(virtual, call);
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return started;
    }

    boolean isDone() {
        return task.isDone();
    }

    BlockedCall<T> interrupt() {
        thread.interrupt();
        return this;
    }

    /** Sends its platform thread the wake-up signal of the library, in vain, as often as said. */
    void signal(int times) throws IOException, InterruptedException {
        Python.run(
                """
                import ctypes, os, sys
                pid, name, times = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
                for tid in os.listdir(f'/proc/{pid}/task'):
                    if open(f'/proc/{pid}/task/{tid}/comm').read().strip() == name:
                        for i in range(times):
                            assert ctypes.CDLL(None).tgkill(pid, int(tid), 34 + 10) == 0
                        sys.exit(0)
                sys.exit(f'no thread {name}')
                """,
                Long.toString(ProcessHandle.current().pid()),
                thread.getName(),
                Integer.toString(times));
    }

    /** What it returned. */
    T value() throws Exception {
        return task.get();
    }

    /** What it threw. */
    Throwable failure() throws InterruptedException {
        try {
            throw new AssertionError("returned " + task.get());
        } catch (ExecutionException thrown) {
            return thrown.getCause();
        }
    }
}
