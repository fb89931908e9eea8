// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.blocking.Fixture.memory;

import dev.kith.linux.Fd;
import dev.kith.posix.Pipe;
import java.util.List;

/** Reading from and writing to a descriptor that this process was given: those of pipes. */
final class FdCalls {
    private static final int BYTES = 4096;

    private FdCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(Fd.class, FdCalls::reading)
                        .call("read(MemorySegment)", fd -> fd.handle().read(memory(8)))
                        .timed(
                                "tryRead(MemorySegment, Duration)",
                                (fd, time) -> fd.handle().tryRead(memory(8), time).isPresent())
                        .letGo(fd -> fd.other().writer().write(memory(8)))
                        .close(Fixture.closing()),
                Waiting.in(Fd.class, FdCalls::writing)
                        .call("write(MemorySegment)", fd -> fd.handle().write(memory(BYTES)))
                        .timed(
                                "tryWrite(MemorySegment, Duration)",
                                (fd, time) -> fd.handle().tryWrite(memory(BYTES), time).isPresent())
                        .letGo(fd -> fd.other().reader().read(memory(BYTES)))
                        .close(Fixture.closing()));
    }

    private static Fixture<Fd, Pipe> reading() {
        Pipe pipe = Pipe.open();
        return fixture(pipe, Fd.of(pipe.reader()));
    }

    private static Fixture<Fd, Pipe> writing() throws InterruptedException {
        Pipe pipe = PipeCalls.full();
        return fixture(pipe, Fd.of(pipe.writer()));
    }

    private static Fixture<Fd, Pipe> fixture(Pipe pipe, Fd fd) {
        return new Fixture<>(
                fd,
                pipe,
                () -> {
                    fd.close();
                    pipe.close();
                });
    }
}
