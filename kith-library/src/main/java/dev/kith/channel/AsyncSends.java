// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.codec.Codec;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What was given to {@code sendAsync} and found no room: sent in order by one thread while there is
 * any.
 */
final class AsyncSends<T> {
    private final Link link;
    private final Codec<T> codec;
    private final Queue<Pending<T>> queue = new ArrayDeque<>();
    private volatile boolean busy;

    AsyncSends(Link link, Codec<T> codec) {
        this.link = link;
        this.codec = codec;
    }

    private record Pending<T>(T value, SendOptions options, CompletableFuture<Void> sent) {}

    CompletionStage<Void> send(T value, SendOptions options) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        synchronized (this) {
            if (!busy) {
                try {
                    if (link.send(value, codec, options, 0)) {
                        sent.complete(null);
                        return sent;
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException failed) {
                    sent.completeExceptionally(failed);
                    return sent;
                }
                busy = true;
                Thread.ofVirtual().name("kith-send-async").start(this::drain);
            }
            queue.add(new Pending<>(value, options, sent));
        }
        return sent;
    }

    /** Waits until nothing is queued any more. */
    synchronized void flush() throws InterruptedException {
        while (busy) {
            wait();
        }
    }

    /**
     * Waits until nothing is queued any more, at no cost while nothing is.
     *
     * @return what is left of the time; negative if it has passed
     */
    long awaitIdle(long timeoutNanos) throws InterruptedException {
        if (!busy) {
            return timeoutNanos;
        }
        if (timeoutNanos == Link.FOREVER) {
            flush();
            return timeoutNanos;
        }
        long deadline = System.nanoTime() + timeoutNanos;
        synchronized (this) {
            for (long left = timeoutNanos; busy; left = deadline - System.nanoTime()) {
                if (left <= 0) {
                    return -1;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        return Math.max(0, deadline - System.nanoTime());
    }

    private void drain() {
        for (; ; ) {
            Pending<T> next;
            synchronized (this) {
                next = queue.poll();
                if (next == null) {
                    busy = false;
                    notifyAll();
                    return;
                }
            }
            try {
                link.send(next.value, codec, next.options, Link.FOREVER);
                next.sent.complete(null);
            } catch (Throwable failed) {
                next.sent.completeExceptionally(failed);
            }
        }
    }
}
