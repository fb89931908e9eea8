// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;

/** Waits for one kind of readiness of one NIO channel, by one thread at a time. */
final class SelectorWait implements AutoCloseable {
    private final SelectableChannel channel;
    private final int operation;
    private final Selector selector;

    SelectorWait(SelectableChannel channel, int operation) throws IOException {
        this.channel = channel;
        this.operation = operation;
        this.selector = open(channel, operation);
    }

    /** One that the channel is registered with; it is closed again if that cannot be. */
    private static Selector open(SelectableChannel channel, int operation) throws IOException {
        Selector selector = Selector.open();
        try {
            channel.register(selector, operation);
            return selector;
        } catch (IOException | RuntimeException failed) {
            selector.close();
            throw failed;
        }
    }

    /** A time-out as a reading of nanoTime; Link.FOREVER and 0 stand for themselves. */
    static long deadline(long timeoutNanos) {
        return timeoutNanos == Link.FOREVER || timeoutNanos == 0
                ? timeoutNanos
                : System.nanoTime() + timeoutNanos;
    }

    /** Waits; false if the deadline has passed. */
    boolean await(long deadline) throws IOException, InterruptedException {
        try {
            for (; ; ) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                int ready;
                if (deadline == 0) {
                    ready = selector.selectNow();
                } else if (deadline == Link.FOREVER) {
                    ready = selector.select();
                } else {
                    long left = deadline - System.nanoTime();
                    ready =
                            left <= 0
                                    ? selector.selectNow()
                                    : selector.select((left + 999_999) / 1_000_000);
                }
                if (ready > 0) {
                    selector.selectedKeys().clear();
                    return true;
                }
                if (!channel.isOpen()) {
                    throw new ClosedChannelException();
                }
                if (deadline != Link.FOREVER
                        && (deadline == 0 || deadline - System.nanoTime() <= 0)) {
                    return false;
                }
            }
        } catch (ClosedSelectorException | CancelledKeyException closed) {
            throw new ClosedChannelException();
        }
    }

    /** Whether it is ready now; a closed channel is. */
    boolean isReady() {
        try (Selector now = Selector.open()) {
            channel.register(now, operation);
            return now.selectNow() > 0;
        } catch (ClosedChannelException closed) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells once when a channel is ready, from a thread of its own. */
    static Waitable.Registration whenReady(
            SelectableChannel channel, int operation, Runnable wake) {
        Selector selector;
        try {
            selector = open(channel, operation);
        } catch (ClosedChannelException closed) {
            wake.run();
            return () -> {};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform()
                .daemon()
                .name("kith-tcp-readiness")
                .start(() -> {
                    try {
                        selector.select();
                    } catch (IOException | ClosedSelectorException ended) {
                        // The one who waits looks again and finds out.
                    }
                    wake.run();
                });
        return () -> {
            try {
                selector.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Wakes who waits, after the channel was closed. */
    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
