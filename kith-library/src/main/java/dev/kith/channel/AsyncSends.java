// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.codec.Codec;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    /** As {@link #flush()}, at no cost while nothing is queued. */
    void awaitIdle() throws InterruptedException {
        if (busy) {
            flush();
        }
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
            } catch (RuntimeException | InterruptedException failed) {
                next.sent.completeExceptionally(failed);
            }
        }
    }
}
