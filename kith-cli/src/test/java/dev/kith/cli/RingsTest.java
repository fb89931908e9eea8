// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rings and broadcasts in shared memory and in files. */
@Timeout(60)
class RingsTest {
    @TempDir Path folder;

    @Test
    void shouldKeepMessagesInARingUntilTheyAreReceived() {
        for (String uri : List.of("shm:/kith-cli-" + UUID.randomUUID(), "mmap:" + folder + "/r")) {
            assertThat(Kith.run("create", uri + "?capacity=1024").out()).isEqualTo(uri + "\n");
            Kith.run("send", uri, "one", "two", "three");

            assertThat(Kith.run("peek", uri, "-n", "2").out()).isEqualTo("one\ntwo\n");
            assertThat(Kith.run("info", uri).out()).containsPattern("depth +3\n");
            assertThat(Kith.run("info", uri, "--json").out()).contains("\"depth\":3");
            assertThat(Kith.run("recv", uri, "-n", "3").out()).isEqualTo("one\ntwo\nthree\n");
            assertThat(Kith.run("gc", "--dry-run").out()).doesNotContain(uri);
            assertThat(Kith.run("rm", uri)).isEqualTo(new Kith.Result(0, "", ""));
        }
    }

    @Test
    void shouldGiveEveryMessageToEveryReceiverOfABroadcast() {
        String name = "shm:/kith-cli-" + UUID.randomUUID();
        String slow = name + "?flavour=broadcast&policy=drop-oldest";
        Kith.run("create", name + "?flavour=broadcast");
        try (Kith all = Kith.start("recv", name, "-n", "2");
                Kith some = Kith.start("recv", slow, "-n", "2")) {
            String info = "";
            while (!info.contains("subscriber 2")) {
                info = Kith.run("info", name).out();
            }
            assertThat(info).contains("policy=block, taken=0").contains("policy=drop-oldest");
            Kith.run("send", name, "one", "two");

            assertThat(all.end().out()).isEqualTo("one\ntwo\n");
            assertThat(some.end().out()).isEqualTo("one\ntwo\n");
        }
        assertThat(Kith.run("peek", name).out()).isEqualTo("one\ntwo\n");
        assertThat(Kith.run("recv", name + "?flavour=broadcast&policy=latest").out())
                .isEqualTo("two\n");
        assertThat(Kith.run("rm", name).status()).isZero();
    }

    @Test
    void shouldRefuseAPolicyOfWhatIsNoBroadcast() {
        String name = "shm:/kith-cli-" + UUID.randomUUID();
        Kith.Result result = Kith.run("recv", name + "?policy=latest");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("policy=latest is for flavour=broadcast alone");
    }
}
