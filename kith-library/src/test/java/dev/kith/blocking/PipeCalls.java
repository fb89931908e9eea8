// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.blocking.Fixture.memory;

import dev.kith.posix.Pipe;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.time.Duration;
import java.util.List;

/** Reading from an empty pipe, writing into a full one. */
final class PipeCalls {
    private static final int BYTES = 4096;

    private PipeCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(PipeReader.class, Pipe::open)
                        .call("read(MemorySegment)", pipe -> pipe.reader().read(memory(8)))
                        .timed(
                                "tryRead(MemorySegment, Duration)",
                                (pipe, time) -> pipe.reader().tryRead(memory(8), time).isPresent())
                        .timed("await(Duration)", (pipe, time) -> pipe.reader().await(time))
                        .letGo(pipe -> pipe.writer().write(memory(8)))
                        .close(pipe -> pipe.reader().close()),
                Waiting.in(PipeWriter.class, PipeCalls::full)
                        .call("write(MemorySegment)", pipe -> pipe.writer().write(memory(BYTES)))
                        .timed(
                                "tryWrite(MemorySegment, Duration)",
                                (pipe, time) ->
                                        pipe.writer().tryWrite(memory(BYTES), time).isPresent())
                        .letGo(pipe -> pipe.reader().read(memory(BYTES)))
                        .close(pipe -> pipe.writer().close()));
    }

    static Pipe full() throws InterruptedException {
        Pipe pipe = Pipe.open();
        pipe.writer().capacityBytes(BYTES);
        while (pipe.writer().tryWrite(memory(BYTES), Duration.ZERO).isPresent()) {
            // until it is full
        }
        return pipe;
    }
}
