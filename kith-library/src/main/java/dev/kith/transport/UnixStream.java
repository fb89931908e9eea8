// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Link;
import dev.kith.linux.Fd;
import dev.kith.linux.UnixSocket;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** The bytes of a Unix socket, and the descriptors that come with them. */
final class UnixStream implements ByteStream {
    /** How many descriptors may wait for their message; a peer that sends more loses them. */
    private static final int MOST_WAITING = 1024;

    private final UnixSocket socket;

    /** Guarded by itself: one thread may close while another brings descriptors or takes them. */
    private final Queue<Fd> waiting = new ArrayDeque<>();

    private boolean closed;
    private final Consumer<Fd> keeper = this::keep;

    UnixStream(UnixSocket socket) {
        this.socket = socket;
    }

    @Override
    public int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.read(buffer, keeper)
                : socket.tryRead(buffer, keeper, Duration.ofNanos(timeoutNanos))
                        .orElse(NOT_IN_TIME);
    }

    @Override
    public int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.write(buffer)
                : socket.tryWrite(buffer, Duration.ofNanos(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public boolean passesFds() {
        return true;
    }

    @Override
    public int write(MemorySegment buffer, List<HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? socket.write(buffer, handles.toArray(HasFd[]::new))
                : socket.tryWrite(buffer, handles, Duration.ofNanos(timeoutNanos))
                        .orElse(NOT_IN_TIME);
    }

    @Override
    public Handover arrived(int count) {
        List<Integer> fds = new ArrayList<>();
        synchronized (waiting) {
            if (closed) {
                throw new Closed(socket + " is closed");
            }
            if (count < 1 || waiting.size() < count) {
                throw new Broken("got=" + waiting.size() + ", expected=" + count + " descriptors");
            }
            for (int i = 0; i < count; i++) {
                fds.add(waiting.remove().release());
            }
        }
        return Handover.forReading(fds);
    }

    @Override
    public void discard(List<Integer> fds) {
        fds.forEach(fd -> Fd.own(fd).close());
    }

    @Override
    public void endOutput() {
        socket.shutdownOutput();
    }

    @Override
    public boolean isReady() {
        return socket.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return socket.whenReady(wake);
    }

    @Override
    public Object handle() {
        return socket;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(socket);
    }

    @Override
    public Optional<Peer> peer() {
        return socket.peer();
    }

    @Override
    public void close() {
        socket.close();
        synchronized (waiting) {
            closed = true;
            waiting.forEach(Fd::close);
            waiting.clear();
        }
    }

    private void keep(Fd fd) {
        synchronized (waiting) {
            if (!closed && waiting.size() < MOST_WAITING) {
                waiting.add(fd);
                return;
            }
        }
        fd.close();
    }
}
