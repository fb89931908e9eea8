// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;

/**
 * Standard input, read by a thread of its own: a read of a terminal cannot be interrupted, but
 * waiting for what that thread has read can.
 */
final class StandardInput {
    private static final byte[] END = new byte[0];

    private final SynchronousQueue<byte[]> chunks = new SynchronousQueue<>();
    private boolean started;
    private volatile boolean ended;

    /** The next bytes, or null at the end; for one thread at a time. */
    byte[] take() throws InterruptedException {
        if (ended) {
            return null;
        }
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("kith-stdin").start(this::pump);
        }
        byte[] chunk = chunks.take();
        if (chunk == END) {
            ended = true;
            return null;
        }
        return chunk;
    }

    private void pump() {
        byte[] buffer = new byte[1 << 16];
        try {
            try (FileInputStream in = new FileInputStream(FileDescriptor.in)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    chunks.put(Arrays.copyOf(buffer, n));
                }
            } catch (IOException closedOrGone) {
                // A standard input that cannot be read has ended.
            }
            chunks.put(END);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }
}
