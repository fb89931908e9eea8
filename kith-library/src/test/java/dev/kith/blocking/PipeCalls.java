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
                        .call("await()", pipe -> pipe.reader().await())
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
                        .close(pipe -> pipe.writer().close()),
                Waiting.in(PipeReader.class, () -> Two.of(Pipe.open(), Pipe.open()))
                        .call("spliceTo(HasFd, long)", two -> two.in().spliceTo(two.out(), 8))
                        .timed(
                                "trySpliceTo(HasFd, long, Duration)",
                                (two, time) -> two.in().trySpliceTo(two.out(), 8, time).isPresent())
                        .call("teeTo(PipeWriter, long)", two -> two.in().teeTo(two.out(), 8))
                        .timed(
                                "tryTeeTo(PipeWriter, long, Duration)",
                                (two, time) -> two.in().tryTeeTo(two.out(), 8, time).isPresent())
                        .letGo(two -> two.from().writer().write(memory(8)))
                        .close(two -> two.in().close()),
                Waiting.in(PipeReader.class, () -> Two.of(full(), full()))
                        .call("spliceTo(HasFd, long)", two -> two.in().spliceTo(two.out(), 8))
                        .call("teeTo(PipeWriter, long)", two -> two.in().teeTo(two.out(), 8))
                        .letGo(two -> two.to().reader().read(memory(BYTES)))
                        .close(two -> two.out().close()),
                Waiting.in(PipeWriter.class, () -> Two.of(Pipe.open(), Pipe.open()))
                        .call("spliceFrom(HasFd, long)", two -> two.out().spliceFrom(two.in(), 8))
                        .timed(
                                "trySpliceFrom(HasFd, long, Duration)",
                                (two, time) ->
                                        two.out().trySpliceFrom(two.in(), 8, time).isPresent())
                        .letGo(two -> two.from().writer().write(memory(8)))
                        .close(two -> two.out().close()));
    }

    private record Two(Pipe from, Pipe to) implements AutoCloseable {
        static Two of(Pipe from, Pipe to) {
            return new Two(from, to);
        }

        PipeReader in() {
            return from.reader();
        }

        PipeWriter out() {
            return to.writer();
        }

        @Override
        public void close() {
            from.close();
            to.close();
        }
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
