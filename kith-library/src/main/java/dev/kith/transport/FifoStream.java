// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Waitable;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.posix.Fifo;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * The bytes of a FIFO. The reading end is opened at once and its first read waits for a writer; the
 * writing end is opened when there is a reader, for which the first write waits.
 */
final class FifoStream implements ByteStream {
    private final Fifo fifo;
    private final boolean packets;
    private final PipeReader reader;
    private volatile boolean met;
    private PipeWriter writer;
    private Thread opener;
    private boolean closed;

    /** One end; packets as in {@link SharedPipe}. */
    FifoStream(Fifo fifo, Direction direction, boolean packets) {
        this.fifo = fifo;
        this.packets = packets;
        this.reader = direction == Direction.RECEIVE ? fifo.openForReadingNow() : null;
        if (direction == Direction.SEND) {
            fifo.tryOpenForWriting().ifPresent(this::opened);
        }
    }

    @Override
    public int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        if (!met) {
            if (!reader.await(duration(timeoutNanos))) {
                return NOT_IN_TIME;
            }
            met = true;
        }
        return timeoutNanos == Link.FOREVER
                ? reader.read(buffer)
                : reader.tryRead(buffer, duration(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        PipeWriter to = writer;
        if (to == null) {
            to = meetReader(timeoutNanos);
            if (to == null) {
                return NOT_IN_TIME;
            }
        }
        return timeoutNanos == Link.FOREVER
                ? to.write(buffer)
                : to.tryWrite(buffer, duration(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public void endOutput() throws InterruptedException {
        if (writer == null) {
            // A reader that has not come yet shall see the end too.
            meetReader(Link.FOREVER);
        }
        close();
    }

    @Override
    public boolean isReady() {
        return reader.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return reader.whenReady(wake);
    }

    @Override
    public Object handle() {
        return fifo;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.empty();
    }

    @Override
    public void close() {
        PipeWriter open;
        synchronized (this) {
            closed = true;
            open = writer;
            if (opener != null) {
                opener.interrupt();
            }
        }
        if (open != null) {
            open.close();
        }
        if (reader != null) {
            reader.close();
        }
    }

    /** Opens the writing end; called by one thread at a time, that whose turn it is to send. */
    private PipeWriter meetReader(long timeoutNanos) throws InterruptedException {
        synchronized (this) {
            checkOpen();
            opener = Thread.currentThread();
        }
        Optional<PipeWriter> opened;
        try {
            opened =
                    timeoutNanos == 0
                            ? fifo.tryOpenForWriting()
                            : fifo.tryOpenForWriting(duration(timeoutNanos));
        } catch (InterruptedException e) {
            synchronized (this) {
                checkOpen();
            }
            throw e;
        } finally {
            synchronized (this) {
                opener = null;
                if (closed) {
                    // The interrupt was ours.
                    Thread.interrupted();
                }
            }
        }
        return opened.isEmpty() ? null : opened(opened.get());
    }

    private synchronized PipeWriter opened(PipeWriter opened) {
        if (closed) {
            opened.close();
            checkOpen();
        }
        writer = packets ? opened.packets() : opened;
        return writer;
    }

    private void checkOpen() {
        if (closed) {
            throw new Closed("writing end of " + fifo.name() + " is closed");
        }
    }

    private static Duration duration(long timeoutNanos) {
        return timeoutNanos == Link.FOREVER
                ? Duration.ofSeconds(Long.MAX_VALUE)
                : Duration.ofNanos(timeoutNanos);
    }
}
