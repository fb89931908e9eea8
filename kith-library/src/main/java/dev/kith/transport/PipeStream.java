// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Link;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/** The bytes of one end of a pipe, or of both ends of two pipes. */
final class PipeStream implements ByteStream {
    private final PipeReader reader;
    private final PipeWriter writer;

    /** An end; null for the direction that it does not have. */
    PipeStream(PipeReader reader, PipeWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? reader.read(buffer)
                : reader.tryRead(buffer, Duration.ofNanos(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        return timeoutNanos == Link.FOREVER
                ? writer.write(buffer)
                : writer.tryWrite(buffer, Duration.ofNanos(timeoutNanos)).orElse(NOT_IN_TIME);
    }

    @Override
    public void endOutput() {
        writer.close();
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
        return reader == null ? writer : reader;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(new Ends(reader, writer));
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } finally {
            if (reader != null) {
                reader.close();
            }
        }
    }

    /** What travels. */
    record Ends(PipeReader reader, PipeWriter writer) implements Serializable {
        private static final long serialVersionUID = 1L;
    }
}
