// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.blocking.Offload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is to be sent to a child, in order. Whoever adds something never waits for the child to read
 * it: a thread that is there while there is something to send does.
 */
final class Outbox {
    private final ChildJvm child;
    private final OutputStream out;
    private final Consumer<IpcException> onFailure;
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private boolean sending;
    private boolean closed;

    private record Item(Frame frame, List<Integer> descriptors) {}

    /** An outbox; when the child cannot be sent something although it lives, that is told. */
    Outbox(ChildJvm child, Consumer<IpcException> onFailure) {
        this.child = child;
        this.out = child.out();
        this.onFailure = onFailure;
    }

    /** Sends a frame, before it the descriptors that it announces, which are closed in any case. */
    void add(Frame frame, List<Integer> descriptors) {
        synchronized (this) {
            if (!closed) {
                waiting.add(new Item(frame, descriptors));
                if (!sending) {
                    sending = true;
                    Offload.start(this::send);
                }
                return;
            }
        }
        DescriptorPassing.close(descriptors);
    }

    /** Drops what is still there. */
    synchronized void close() {
        closed = true;
        for (Item item : waiting) {
            DescriptorPassing.close(item.descriptors);
        }
        waiting.clear();
    }

    /** Waits until nobody sends any more; after {@link #close}, to a child that has ended. */
    synchronized void awaitIdle() {
        while (sending) {
            try {
                wait();
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void send() {
        for (Item item = next(); item != null; item = next()) {
            try {
                if (!item.descriptors.isEmpty()) {
                    child.pass(item.descriptors);
                }
                item.frame.writeTo(out);
            } catch (IOException | PeerDied gone) {
                // The child has ended; how, is found out by who waits for it.
                close();
            } catch (IpcException failed) {
                close();
                onFailure.accept(failed);
            } finally {
                DescriptorPassing.close(item.descriptors);
            }
        }
    }

    private synchronized Item next() {
        Item item = waiting.poll();
        sending = item != null;
        if (!sending) {
            notifyAll();
        }
        return item;
    }
}
