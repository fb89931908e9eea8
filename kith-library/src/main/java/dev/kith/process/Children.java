// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import dev.kith.blocking.Deadline;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** All children of this JVM: how they are started, and ended when this JVM shuts down. */
final class Children {
    /** A start takes 60 to 100 ms of CPU: more at a time than there are cores delay each other. */
    private static final Semaphore STARTS =
            new Semaphore(Runtime.getRuntime().availableProcessors());

    private static final long START_SECONDS = 5;
    private static final long GRACE_MILLIS = 1000;

    /**
     * The thread that starts children. It lives as long as the process: the end of the thread that
     * started a child counts as the death of the parent.
     */
    private static final ExecutorService SPAWNER =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("kith-spawner").factory());

    private static final Set<Conversation> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Children::endAll, "kith-end-children"));
        } catch (IllegalStateException shuttingDown) {
            // Children that start now see the end of their control stream.
        }
    }

    private Children() {}

    /**
     * Starts a child; waits while too many others are starting, unless the thread is interrupted.
     */
    static Conversation start(WorkerOptions options, boolean oneShot) {
        Runnable giveBack = takeStart();
        try {
            ChildJvm child =
                    CompletableFuture.supplyAsync(() -> spawn(options, oneShot), SPAWNER).join();
            Conversation conversation;
            try {
                conversation = new Conversation(child, options, giveBack);
            } catch (Throwable failed) {
                child.kill();
                giveBack.run();
                throw failed;
            }
            ALIVE.add(conversation);
            if (conversation.ended().isDone()) {
                ALIVE.remove(conversation);
            }
            return conversation;
        } catch (CompletionException failed) {
            giveBack.run();
            throw failed.getCause() instanceof IpcException known
                    ? known
                    : new IpcException(
                            "no child JVM could be started: " + failed.getCause(), failed);
        }
    }

    static void remove(Conversation conversation) {
        ALIVE.remove(conversation);
    }

    private static ChildJvm spawn(WorkerOptions options, boolean oneShot) {
        try {
            return SpawnedJvm.isPossible()
                    ? SpawnedJvm.start(options, oneShot)
                    : FifoJvm.start(options, oneShot);
        } catch (IOException | InterruptedException failed) {
            throw new CompletionException(failed);
        }
    }

    /** Waits for the right to start a child; returns what gives it back, once. */
    private static Runnable takeStart() {
        boolean taken = false;
        try {
            // A child that hangs at its start must not keep all others from starting.
            taken = STARTS.tryAcquire(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
        }
        AtomicBoolean held = new AtomicBoolean(taken);
        return () -> {
            if (held.getAndSet(false)) {
                STARTS.release();
            }
        };
    }

    /** At the end of this JVM: asks all at once, then insists. */
    private static void endAll() {
        for (Conversation each : ALIVE) {
            each.end();
            each.cancel(-1);
        }
        awaitAll();
        ALIVE.forEach(Conversation::terminate);
        awaitAll();
        ALIVE.forEach(each -> each.child().kill());
        awaitAll();
    }

    private static void awaitAll() {
        long deadline = Deadline.after(TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS));
        for (Conversation each : ALIVE) {
            try {
                each.ended().get(Deadline.left(deadline), TimeUnit.NANOSECONDS);
            } catch (TimeoutException goesOn) {
                return;
            } catch (Exception interrupted) {
                return;
            }
        }
    }
}
