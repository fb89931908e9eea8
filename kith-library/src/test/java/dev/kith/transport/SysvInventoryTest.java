// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.sysv.Key;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.SemaphoreSet;
import dev.kith.sysv.SharedMemory;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SysvInventoryTest {
    private static final long ME = ProcessHandle.current().pid();

    private final Inventory inventory = new SysvInventory();

    @Test
    void shouldBeProvided() {
        assertThat(ServiceLoader.load(Inventory.class, Inventory.class.getClassLoader()))
                .hasAtLeastOneElementOfType(SysvInventory.class);
        assertThat(inventory.kinds()).containsExactlyInAnyOrder("sysvmq", "sysvsem", "sysvshm");
    }

    @Test
    void shouldShowAQueue() throws Exception {
        try (MessageQueue queue = MessageQueue.create(Key.random(), 0640)) {
            queue.send(1, new byte[5]);
            queue.send(1, new byte[6]);
            queue.receive();
            IpcObject listed = listed("sysvmq", queue.toString());
            queue.stat();
            assertThat(listed.kind()).isEqualTo("sysvmq");
            assertThat(listed.owner()).isEqualTo(System.getProperty("user.name"));
            assertThat(listed.mode()).isEqualTo(0640);
            assertThat(listed.sizeBytes()).isEqualTo(6);
            assertThat(listed.depth()).isEqualTo(1);
            assertThat(listed.modified()).isPresent();
            assertThat(listed.stale()).isFalse();
            assertThat(listed.details())
                    .containsEntry("id", Integer.toString(queue.id()))
                    .containsEntry("last sender", Long.toString(ME))
                    .containsEntry("last receiver", Long.toString(ME));
            IpcObject shown = inventory.info(queue.toString()).orElseThrow();
            assertThat(shown.details())
                    .containsAllEntriesOf(listed.details())
                    .containsEntry("capacity", Long.toString(queue.capacityBytes()));
            assertThat(inventory.info("sysvmq:id=" + queue.id())).contains(shown);
            assertThat(inventory.info("sysvmq:" + queue.key().number())).contains(shown);
            assertThat(inventory.remove(queue.toString())).isTrue();
            assertThat(inventory.info(queue.toString())).isEmpty();
        }
    }

    @Test
    void shouldSayThatTheLastSenderHasEnded() throws Exception {
        try (MessageQueue queue = MessageQueue.create(Key.PRIVATE);
                ChildJvm sender = ChildJvm.start(Sender.class, Integer.toString(queue.id()))) {
            assertThat(sender.waitFor()).isZero();
            assertThat(queue).hasToString("sysvmq:id=" + queue.id());
            assertThat(listed("sysvmq", queue.toString()).details())
                    .containsEntry("last sender", sender.pid() + " (ended)");
            queue.unlink();
        }
    }

    @Test
    void shouldShowSemaphores() throws Exception {
        try (SemaphoreSet one = SemaphoreSet.create(4);
                SemaphoreSet several = SemaphoreSet.create(1, 0)) {
            assertThat(listed("sysvsem", one.toString()).depth()).isEqualTo(4);
            assertThat(listed("sysvsem", several.toString()).depth()).isEqualTo(-1);
            Thread waiting =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    several.acquire(1);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            while (several.waitingForIncrease(1) == 0) {
                Thread.sleep(5);
            }
            assertThat(inventory.info(several.toString()).orElseThrow().details())
                    .containsAllEntriesOf(
                            Map.of(
                                    "semaphores", "2",
                                    "values", "[1, 0]",
                                    "waiting for more of 1", "1",
                                    "last user of 0", Long.toString(ME)));
            several.release(1);
            waiting.join();
            assertThat(inventory.remove(one.toString())).isTrue();
            assertThat(inventory.remove("sysvsem:id=" + several.id())).isTrue();
            assertThat(inventory.info(several.toString())).isEmpty();
        }
    }

    @Test
    void shouldShowWhoHasMemoryAttached() throws Exception {
        try (SharedMemory memory = SharedMemory.create(5000)) {
            memory.attach();
            try (ChildJvm child = ChildJvm.start(Attached.class, memory.name())) {
                assertThat(child.line()).isEqualTo("attached");
                IpcObject listed = listed("sysvshm", memory.toString());
                assertThat(listed.users())
                        .extracting(Peer::pid)
                        .containsExactlyInAnyOrder(ME, child.pid());
                assertThat(listed.sizeBytes()).isEqualTo(5000);
                assertThat(listed.depth()).isEqualTo(-1);
                assertThat(listed.details())
                        .containsEntry("attachments", "2")
                        .containsEntry("creator", Long.toString(ME))
                        .containsEntry("last user", Long.toString(child.pid()));
                child.kill();
                IpcObject after = inventory.info(memory.toString()).orElseThrow();
                assertThat(after.users()).extracting(Peer::pid).containsExactly(ME);
                assertThat(after.details()).containsEntry("last user", child.pid() + " (ended)");
            }
            assertThat(inventory.remove(memory.toString())).isTrue();
            assertThat(inventory.info(memory.toString())).isEmpty();
            // Still attached here, it has an id alone.
            assertThat(listed("sysvshm", "sysvshm:id=" + memory.id()).details())
                    .containsEntry("removed", "yes; gone with the last detach");
        }
    }

    @Test
    void shouldLeaveOtherKindsAlone() {
        assertThat(inventory.list("mq")).isEmpty();
        assertThat(inventory.info("fifo:/tmp/x")).isEmpty();
        assertThat(inventory.remove("fifo:/tmp/x")).isFalse();
    }

    @Test
    void shouldSayThatThereIsNothingToRemove() {
        Key key = Key.random();
        assertThat(inventory.info("sysvmq:" + key)).isEmpty();
        for (String kind : inventory.kinds()) {
            assertThatThrownBy(() -> inventory.remove(kind + ":" + key))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("get(" + key + ", ");
            assertThatThrownBy(() -> inventory.remove(kind + ":"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("%1$s:: a key is missing, as in %1$s:0x1234", kind);
        }
    }

    private IpcObject listed(String kind, String uri) {
        Optional<IpcObject> found =
                inventory.list(kind).stream().filter(each -> each.uri().equals(uri)).findFirst();
        return found.orElseThrow();
    }

    /** Sends a message and ends. */
    static final class Sender {
        public static void main(String[] arguments) throws Exception {
            MessageQueue.openId(Integer.parseInt(arguments[0])).send(1, new byte[1]);
        }
    }

    /** Attaches memory and waits to be killed. */
    static final class Attached {
        public static void main(String[] arguments) throws Exception {
            SharedMemory.open(Key.parse(arguments[0])).attach();
            System.out.println("attached");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
