// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.channel.Channel;

/**
 * Raw bytes between a peer and the standard streams, in both directions at the same time.
 *
 * <p>The end of standard input only ends what the peer reads. After the end of the peer's bytes
 * standard input is still passed on while it has something to give, because the peer may have
 * closed one direction only; once it gives nothing for {@link #GRACE_NANOS}, the conversation is
 * over: nobody can tell a half-closed TCP connection from a closed one without sending.
 */
final class Conversation {
    private static final long GRACE_NANOS = 500_000_000;

    private final Channel<byte[]> peer;
    private final StandardInput in;
    private volatile long idleSince;
    private volatile boolean idle;
    private volatile IpcException unsent;

    private Conversation(Channel<byte[]> peer, StandardInput in) {
        this.peer = peer;
        this.in = in;
    }

    /** Talks until both directions have ended; closes the channel. */
    static void hold(Channel<byte[]> peer, StandardInput in, Output out)
            throws InterruptedException {
        try (peer) {
            Conversation conversation = new Conversation(peer, in);
            Thread sender =
                    Thread.ofPlatform().daemon().name("kith-send").start(conversation::send);
            try {
                conversation.receive(out);
                conversation.awaitSent(sender);
            } finally {
                sender.interrupt();
                sender.join();
            }
            if (conversation.unsent != null) {
                throw conversation.unsent;
            }
        }
    }

    private void receive(Output out) throws InterruptedException {
        try {
            for (; ; ) {
                out.bytes(peer.receive());
            }
        } catch (Closed end) {
            if (!peer.isEnded()) {
                throw end;
            }
        }
    }

    private void send() {
        try {
            for (byte[] chunk = next(); chunk != null; chunk = next()) {
                peer.send(chunk);
            }
            peer.end();
        } catch (InterruptedException over) {
            // The peer has ended and standard input has had its time.
        } catch (IpcException gone) {
            unsent = gone;
        }
    }

    private byte[] next() throws InterruptedException {
        idleSince = System.nanoTime();
        idle = true;
        byte[] chunk = in.take();
        idle = false;
        return chunk;
    }

    private void awaitSent(Thread sender) throws InterruptedException {
        long ended = System.nanoTime();
        while (!sender.join(java.time.Duration.ofMillis(20))) {
            long now = System.nanoTime();
            if (idle && now - idleSince > GRACE_NANOS && now - ended > GRACE_NANOS) {
                return;
            }
        }
    }
}
