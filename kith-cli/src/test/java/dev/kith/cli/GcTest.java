// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What dead processes leave in shared memory. */
@Timeout(60)
class GcTest {
    private static final int SIZE = 1024;

    @TempDir Path folder;

    private Path left;
    private Path foreign;

    @BeforeEach
    void make() throws IOException {
        left = Files.write(folder.resolve("left"), regionOfADeadProcess());
        foreign = Files.write(folder.resolve("foreign"), new byte[SIZE]);
    }

    @Test
    void shouldRemoveWhatIsLeftOverAndNothingElse() {
        Kith.Result removed = inOwnSharedMemory("gc");

        assertThat(removed).isEqualTo(new Kith.Result(0, "shm:/left\nforeign\n", ""));
    }

    @Test
    void shouldOnlyPrintWhatItWouldRemove() {
        Kith.Result printed = inOwnSharedMemory("gc", "--dry-run");
        Kith.Result listed = inOwnSharedMemory("ls", "--stale", "--kind", "shm");

        assertThat(printed).isEqualTo(new Kith.Result(0, "shm:/left\nforeign\nleft\n", ""));
        assertThat(listed.out()).containsPattern("(?m)^shm +shm:/left .* stale$");
        assertThat(listed.out()).doesNotContain("shm:/foreign");
    }

    @Test
    void shouldSayInFullWhatItRemoves() {
        Kith.Result info = inOwnSharedMemory("info", "shm:/left");
        Kith.Result json = inOwnSharedMemory("gc", "--json");

        assertThat(info.out())
                .containsPattern("(?m)^made by Kith +MPSC ring$")
                .containsPattern("(?m)^stale +yes$")
                .containsPattern("(?m)^attached and dead +producer process 1 in slot 0$");
        assertThat(json.out())
                .startsWith("[\n{\"kind\":\"shm\",\"uri\":\"shm:/left\"")
                .contains("\"stale\":true")
                .endsWith("]\nforeign\n");
    }

    @Test
    void shouldLookIntoFoldersWhenAskedTo() {
        Kith.Result would = Kith.run("gc", folder.toString(), "--dry-run", "--json");
        assertThat(left).exists();
        Kith.Result removed = Kith.run("gc", folder.toString());

        assertThat(would.out())
                .contains("{\"kind\":\"mmap\",\"uri\":\"mmap:" + left + "\"")
                .contains("\"sizeBytes\":1024")
                .contains("\"attached and dead\":\"process 1\"");
        assertThat(removed).isEqualTo(new Kith.Result(0, "mmap:" + left + "\n", ""));
        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
        assertThat(Kith.run("gc", folder.toString())).isEqualTo(new Kith.Result(0, "", ""));
    }

    /**
     * Runs the command where /dev/shm has these two files and nothing of anybody else, and lists it
     * afterwards.
     */
    private Kith.Result inOwnSharedMemory(String... args) {
        String script =
                "mount -t tmpfs none /dev/shm && cp "
                        + left
                        + " "
                        + foreign
                        + " /dev/shm && \"$@\" && ls /dev/shm";
        List<String> unshare =
                List.of("unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh");
        List<String> tried = new ArrayList<>(unshare);
        tried.add("true");
        assumeTrue(
                Others.exists("unshare") && Others.run(tried).status() == 0,
                "a /dev/shm of its own cannot be made here");
        List<String> command = new ArrayList<>(unshare);
        command.addAll(Kith.commandLine(List.of(), args));
        return Others.run(command);
    }

    /** The layout of dev.kith.memory: process 1 is attached, but started at another time. */
    private static byte[] regionOfADeadProcess() {
        ByteBuffer image = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        image.put("KITHMEM1".getBytes(StandardCharsets.US_ASCII));
        image.putInt(2).putInt(1).putLong(SIZE).putInt(256).putInt(1).putLong(512).putLong(512);
        image.putLong(1).putLong(1).putInt(88, 120);
        image.position(256);
        image.putLong(1L << 32 | 2).putInt(1).putInt(0).putLong(1).putLong(1);
        return image.array();
    }
}
