// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.posix.Fifo;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FifoInventoryTest {
    private static final String ME = Long.toString(ProcessHandle.current().pid());

    @TempDir Path folder;

    private final FifoInventory inventory = new FifoInventory();
    private Path path;
    private Fifo fifo;

    @BeforeEach
    void make() {
        path = folder.resolve("fifo");
        fifo = Fifo.create(path, 0640);
    }

    @Test
    void shouldShowOneThatNobodyUses() {
        IpcObject object = inventory.info("fifo:" + path).orElseThrow();
        assertThat(object.uri()).isEqualTo("fifo:" + path);
        assertThat(object.mode()).isEqualTo(0640);
        assertThat(object.owner()).isEqualTo(System.getProperty("user.name"));
        assertThat(object.modified()).isPresent();
        assertThat(object.users()).isEmpty();
        assertThat(object.details())
                .containsEntry("open for reading", "nobody")
                .containsEntry("open for writing", "nobody")
                .containsEntry("bytes waiting", "not known without a reader");
        assertThat(inventory.list("fifo")).extracting(IpcObject::uri).doesNotContain(object.uri());
    }

    @Test
    void shouldShowWhoReadsAndWritesAndWhatWaits() throws Exception {
        try (PipeReader reader = fifo.openForReadingNow();
                ChildJvm child = ChildJvm.start(Writer.class, path.toString())) {
            assertThat(child.line()).isEqualTo("written");
            IpcObject object = inventory.info("fifo:" + path).orElseThrow();
            assertThat(object.details())
                    .containsEntry("open for reading", ME)
                    .containsEntry("open for writing", Long.toString(child.pid()))
                    .containsEntry("bytes waiting", "5");
            assertThat(object.users())
                    .extracting(Peer::pid)
                    .containsExactlyInAnyOrder(Long.parseLong(ME), child.pid());
            assertThat(inventory.list("fifo")).extracting(IpcObject::uri).contains(object.uri());
            assertThat(reader.availableBytes()).isEqualTo(5);
            child.kill();
            assertThat(inventory.info("fifo:" + path).orElseThrow().details())
                    .containsEntry("open for writing", "nobody")
                    .containsEntry("bytes waiting", "5");
        }
    }

    @Test
    void shouldKnowNoFifoWhereThereIsNone() throws Exception {
        assertThat(inventory.info("fifo:" + folder.resolve("none"))).isEmpty();
        assertThat(inventory.info("mq:/fifo")).isEmpty();
        assertThat(inventory.info("fifo:" + Files.createFile(folder.resolve("file")))).isEmpty();
        assertThat(inventory.list("mq")).isEmpty();
        assertThat(inventory.remove("mq:/fifo")).isFalse();
    }

    @Test
    void shouldRemoveAndSayWhenThereIsNothingToRemove() {
        assertThat(inventory.remove("fifo:" + path)).isTrue();
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> inventory.remove("fifo:" + path))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "open(\"%s\"): ENOENT (No such file or directory); there is nothing to"
                                + " remove: ls -l %s shows what there is",
                        path, folder);
    }

    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            try (PipeWriter writer = Fifo.open(Path.of(arguments[0])).openForWriting()) {
                writer.outputStream().write("hello".getBytes());
                System.out.println("written");
                Thread.sleep(60_000);
            }
        }
    }
}
