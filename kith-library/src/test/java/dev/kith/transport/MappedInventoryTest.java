// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.memory.Place;
import dev.kith.memory.RegionChild;
import dev.kith.memory.Regions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MappedInventoryTest {
    private final Inventory inventory = new MappedInventory();

    @TempDir Path folder;

    @Test
    void shouldBeProvided() {
        assertThat(ServiceLoader.load(Inventory.class, Inventory.class.getClassLoader()))
                .hasAtLeastOneElementOfType(MappedInventory.class);
        assertThat(inventory.kinds()).containsExactly("mmap");
        assertThat(inventory.list("shm")).isEmpty();
        assertThat(inventory.info("shm:/x")).isEmpty();
        assertThat(inventory.remove("shm:/x")).isFalse();
    }

    @Test
    void shouldShowWhoHasAFileMappedAndWhoIsAttached() throws Exception {
        Path file = folder.resolve("a ring?");
        String uri = "mmap:" + folder + "/a ring%3F";
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "makefile", file.toString())) {
            assertThat(child.line()).isEqualTo("made");
            IpcObject listed = listed(uri).orElseThrow();
            assertThat(listed.users()).extracting(Peer::pid).containsExactly(child.pid());
            assertThat(listed.mode()).isEqualTo(0600);
            assertThat(listed.owner()).isEqualTo(System.getProperty("user.name"));
            assertThat(listed.sizeBytes()).isEqualTo(Regions.SMALL.totalBytes());
            assertThat(listed.details())
                    .containsEntry("made by Kith", "SPSC ring")
                    .containsEntry("attached", "producer process " + child.pid() + " in slot 0");
            assertThat(inventory.info(uri)).contains(listed);
            child.kill();
        }
        assertThat(listed(uri)).isEmpty();
        IpcObject left = inventory.info(uri).orElseThrow();
        assertThat(left.users()).isEmpty();
        assertThat(left.details().get("attached and dead")).startsWith("producer process ");
        assertThat(left.stale()).isFalse();
        assertThat(inventory.sweep(uri)).isFalse();
        assertThat(inventory.remove(uri)).isTrue();
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldLeaveOtherFilesAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "KITHMEM0 and so on");
        Regions.create(Place.file(folder.resolve("region"))).close();
        for (Path none : new Path[] {file, folder, folder.resolve("none")}) {
            assertThat(inventory.info("mmap:" + none)).isEmpty();
            assertThatThrownBy(() -> inventory.remove("mmap:" + none))
                    .isInstanceOf(NotFound.class)
                    .hasMessageStartingWith("mmap:" + none + ": there is no memory of Kith");
        }
        assertThat(file).exists();
        assertThat(inventory.info("mmap:" + folder.resolve("region"))).isPresent();
    }

    private Optional<IpcObject> listed(String uri) {
        return inventory.list("mmap").stream().filter(each -> each.uri().equals(uri)).findFirst();
    }
}
