// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.posix.Fifo;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opening a FIFO whose other side nobody has open. There is no handle yet that could be closed. */
final class FifoCalls {
    private FifoCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(Fifo.class, FifoCalls::nobody)
                        .call("openForReading()", fifo -> fifo.handle().openForReading().close())
                        .timed(
                                "tryOpenForReading(Duration)",
                                (fifo, time) -> {
                                    var end = fifo.handle().tryOpenForReading(time);
                                    end.ifPresent(PipeReader::close);
                                    return end.isPresent();
                                })
                        .letGo(fifo ->
                                fifo.other().add(fifo.handle().tryOpenForWriting().orElseThrow())),
                Waiting.in(Fifo.class, FifoCalls::nobody)
                        .call("openForWriting()", fifo -> fifo.handle().openForWriting().close())
                        .timed(
                                "tryOpenForWriting(Duration)",
                                (fifo, time) -> {
                                    var end = fifo.handle().tryOpenForWriting(time);
                                    end.ifPresent(PipeWriter::close);
                                    return end.isPresent();
                                })
                        .letGo(fifo -> fifo.other().add(fifo.handle().openForReadingNow())));
    }

    private static Fixture<Fifo, List<AutoCloseable>> nobody() throws Exception {
        Path folder = Files.createTempDirectory("kith");
        Fifo fifo = Fifo.create(folder.resolve("fifo"));
        List<AutoCloseable> opened = new ArrayList<>();
        return new Fixture<>(
                fifo,
                opened,
                () -> {
                    for (AutoCloseable each : opened) {
                        each.close();
                    }
                    fifo.unlink();
                    Files.delete(folder);
                });
    }
}
