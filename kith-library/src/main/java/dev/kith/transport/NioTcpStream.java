// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * The bytes of a TCP connection, by the JDK alone. The channel is non-blocking and each direction
 * waits in a selector of its own, because an interrupt in a blocking read would close the
 * connection.
 */
final class NioTcpStream implements ByteStream {
    private final SocketChannel channel;
    private final Address remote;
    private final SelectorWait readable;
    private final SelectorWait writable;

    /**
     * Whether the last read had to wait: then the next one probably has to, and a read in vain is
     * saved.
     */
    private boolean waited;

    NioTcpStream(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.remote = TcpAddress.of(channel.getRemoteAddress());
        this.readable = new SelectorWait(channel, SelectionKey.OP_READ);
        try {
            this.writable = new SelectorWait(channel, SelectionKey.OP_WRITE);
        } catch (IOException | RuntimeException failed) {
            readable.close();
            throw failed;
        }
    }

    @Override
    public int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        long deadline = SelectorWait.deadline(timeoutNanos);
        try {
            if (waited && !readable.await(deadline)) {
                return NOT_IN_TIME;
            }
            waited = false;
            for (; ; ) {
                int got = channel.read(buffer.asByteBuffer());
                if (got != 0) {
                    return Math.max(0, got);
                }
                waited = timeoutNanos != 0;
                if (!readable.await(deadline)) {
                    return NOT_IN_TIME;
                }
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        long deadline = SelectorWait.deadline(timeoutNanos);
        try {
            for (; ; ) {
                int put = channel.write(buffer.asByteBuffer());
                if (put != 0) {
                    return put;
                }
                if (!writable.await(deadline)) {
                    return NOT_IN_TIME;
                }
            }
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    @Override
    public void endOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            throw failed("shutdown", e);
        }
    }

    @Override
    public boolean isReady() {
        return readable.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return SelectorWait.whenReady(channel, SelectionKey.OP_READ, wake);
    }

    @Override
    public Object handle() {
        return channel;
    }

    @Override
    public Optional<Object> travels() throws NotSerializableException {
        throw new NotSerializableException(
                "a TCP connection to "
                        + remote
                        + " cannot be handed over without native access; pass its address and"
                        + " connect there, or start java with --enable-native-access");
    }

    @Override
    public Optional<Address> remote() {
        return Optional.of(remote);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            readable.close();
            writable.close();
        }
    }

    private IpcException failed(String call, IOException e) {
        if (e instanceof ClosedChannelException) {
            return new Closed("connection to " + remote + " is closed");
        }
        String message = call + "(" + remote + "): " + e.getMessage();
        boolean gone = e.getMessage() != null && e.getMessage().matches(".*(reset|Broken pipe).*");
        return gone
                ? new PeerDied(
                        message + "; the other side has closed it or ended",
                        call,
                        0,
                        Optional.empty())
                : new IpcException(message, e);
    }
}
