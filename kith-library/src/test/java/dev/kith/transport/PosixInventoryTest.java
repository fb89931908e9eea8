// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.RegionChild;
import dev.kith.memory.Regions;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PosixInventoryTest {
    private static final long ME = ProcessHandle.current().pid();

    private final Inventory inventory = new PosixInventory();

    @Test
    void shouldBeProvided() {
        assertThat(ServiceLoader.load(Inventory.class, Inventory.class.getClassLoader()))
                .hasAtLeastOneElementOfType(PosixInventory.class);
        assertThat(inventory.kinds()).containsExactlyInAnyOrder("mq", "psem", "shm");
    }

    @Test
    void shouldShowAQueueAndWhoHasItOpen() throws Exception {
        try (MessageQueue queue = MessageQueue.create(4, 64);
                ChildJvm child = ChildJvm.start(Holder.class, "mq", queue.name())) {
            assertThat(child.line()).isEqualTo("open");
            queue.send(new byte[3], 0);
            String uri = "mq:" + queue.name();
            IpcObject listed = listed("mq", uri);
            assertThat(listed.owner()).isEqualTo(System.getProperty("user.name"));
            assertThat(listed.mode()).isEqualTo(0600);
            assertThat(listed.sizeBytes()).isEqualTo(4 * 64);
            assertThat(listed.depth()).isEqualTo(1);
            assertThat(listed.modified()).isPresent();
            assertThat(listed.stale()).isFalse();
            assertThat(listed.users())
                    .extracting(Peer::pid)
                    .containsExactlyInAnyOrder(ME, child.pid());
            assertThat(listed.details())
                    .containsEntry("capacity", "4 messages")
                    .containsEntry("longest message", "64 bytes");
            assertThat(inventory.info(uri)).contains(listed);
            child.kill();
            assertThat(inventory.info(uri).orElseThrow().users())
                    .extracting(Peer::pid)
                    .containsExactly(ME);
            assertThat(inventory.remove(uri)).isTrue();
            assertThat(inventory.info(uri)).isEmpty();
        }
    }

    @Test
    void shouldShowASemaphoreAndWhoHasItOpen() throws Exception {
        try (Semaphore semaphore = Semaphore.create(3);
                ChildJvm child = ChildJvm.start(Holder.class, "psem", semaphore.name())) {
            assertThat(child.line()).isEqualTo("open");
            String uri = "psem:" + semaphore.name();
            IpcObject listed = listed("psem", uri);
            assertThat(listed.depth()).isEqualTo(3);
            assertThat(listed.mode()).isEqualTo(0600);
            assertThat(listed.users())
                    .extracting(Peer::pid)
                    .containsExactlyInAnyOrder(ME, child.pid());
            assertThat(listed.details()).containsEntry("waiting", "0 threads");
            assertThat(inventory.list("shm")).noneMatch(each -> each.uri().contains("sem."));
            assertThat(inventory.info("shm:/sem." + semaphore.name().substring(1))).isEmpty();
            assertThat(inventory.remove(uri)).isTrue();
            assertThat(inventory.info(uri)).isEmpty();
        }
    }

    @Test
    void shouldShowSharedMemoryAndWhoHasItMapped() throws Exception {
        try (SharedMemory memory = SharedMemory.create(5000);
                ChildJvm child = ChildJvm.start(Holder.class, "shm", memory.name())) {
            assertThat(child.line()).isEqualTo("open");
            String uri = "shm:" + memory.name();
            IpcObject listed = listed("shm", uri);
            assertThat(listed.sizeBytes()).isEqualTo(5000);
            assertThat(listed.depth()).isEqualTo(-1);
            assertThat(listed.users())
                    .extracting(Peer::pid)
                    .containsExactlyInAnyOrder(ME, child.pid());
            assertThat(inventory.remove(uri)).isTrue();
            assertThat(inventory.info(uri)).isEmpty();
        }
    }

    @Test
    void shouldShowWhoIsAttachedToARegionOfOurs() throws Exception {
        Place.Shm place = Regions.name();
        String uri = "shm:/" + place.name();
        try (Region region = Regions.create(place);
                ChildJvm child = ChildJvm.start(RegionChild.class, "attach", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            region.table().attach(Party.PRODUCER);
            IpcObject listed = listed("shm", uri);
            assertThat(listed.stale()).isFalse();
            assertThat(listed.sizeBytes()).isEqualTo(Regions.SMALL.totalBytes());
            assertThat(listed.details())
                    .containsEntry("made by Kith", "SPSC ring")
                    .containsEntry("capacity", "4096 bytes")
                    .containsEntry("longest message", "1016 bytes")
                    .containsEntry("slots", "4")
                    .containsEntry(
                            "attached",
                            "consumer process "
                                    + child.pid()
                                    + " in slot 0, producer process "
                                    + ME
                                    + " in slot 1")
                    .containsEntry("attached and dead", "-");
            assertThat(listed.details().get("created")).endsWith(" by process " + ME);
            child.kill();
            assertThat(inventory.info(uri).orElseThrow().details().get("attached and dead"))
                    .isEqualTo("consumer process " + child.pid() + " in slot 0");
            assertThat(inventory.sweep(uri)).isFalse();
            assertThat(inventory.info("shm:" + place.name())).isEqualTo(inventory.info(uri));
            region.close();
            assertThat(inventory.info(uri).orElseThrow().stale()).isTrue();
            assertThat(inventory.sweep(uri)).isTrue();
            assertThat(inventory.info(uri)).isEmpty();
            assertThat(inventory.sweep(uri)).isFalse();
        } finally {
            Regions.remove(place);
        }
    }

    @Test
    void shouldSweepNothingThatIsNotOurs() {
        try (SharedMemory memory = SharedMemory.create(10);
                MessageQueue queue = MessageQueue.create(1, 1)) {
            assertThat(inventory.sweep("shm:" + memory.name())).isFalse();
            assertThat(inventory.sweep("mq:" + queue.name())).isFalse();
            assertThat(memory.status().sizeBytes()).isEqualTo(10);
            memory.unlink();
            queue.unlink();
        }
    }

    @Test
    void shouldNameWhatHasSignsOfAnAddressInItsName() {
        String name = "/kith-" + ME + "?50%";
        try (SharedMemory memory = SharedMemory.create(name, 1)) {
            IpcObject listed = listed("shm", "shm:/kith-" + ME + "%3F50%25");
            assertThat(inventory.info(listed.uri())).contains(listed);
            assertThat(inventory.remove(listed.uri())).isTrue();
            assertThat(memory.sizeBytes()).isEqualTo(1);
        }
    }

    @Test
    void shouldShowAFileThatIsNoSemaphoreAsOneThatCannotBeRead() throws Exception {
        Path file = Files.createFile(Path.of("/dev/shm/sem.kith-" + ME + "-none"));
        try {
            IpcObject listed = listed("psem", "psem:/kith-" + ME + "-none");
            assertThat(listed.depth()).isEqualTo(-1);
            assertThat(listed.details().get("not shown")).contains("not a semaphore: size=0");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldLeaveOtherKindsAlone() {
        assertThat(inventory.list("sysvmq")).isEmpty();
        assertThat(inventory.info("fifo:/tmp/x")).isEmpty();
        assertThat(inventory.remove("fifo:/tmp/x")).isFalse();
    }

    @Test
    void shouldSayThatThereIsNothingToRemove() {
        for (String kind : inventory.kinds()) {
            assertThat(inventory.info(kind + ":/no-such")).isEmpty();
            assertThatThrownBy(() -> inventory.remove(kind + ":/no-such"))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("_unlink(\"/no-such\"): ENOENT")
                    .hasMessageEndingWith("kith ls --kind " + kind);
            assertThatThrownBy(() -> inventory.remove(kind + ":no-slash"))
                    .isInstanceOf(
                            kind.equals("shm") ? NotFound.class : IllegalArgumentException.class);
        }
    }

    private IpcObject listed(String kind, String uri) {
        Optional<IpcObject> found =
                inventory.list(kind).stream().filter(each -> each.uri().equals(uri)).findFirst();
        return found.orElseThrow();
    }

    /** Holds an object open until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (AutoCloseable object =
                    switch (args[0]) {
                        case "mq" -> MessageQueue.open(args[1]);
                        case "psem" -> Semaphore.open(args[1]);
                        default -> SharedMemory.open(args[1]);
                    }) {
                System.out.println(object == null ? "none" : "open");
                Thread.sleep(60_000);
            }
        }
    }
}
