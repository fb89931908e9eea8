// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.IpcException;
import dev.kith.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AttachTableTest {
    private final Place.Shm place = Regions.name();
    private final Region region = Regions.create(place);
    private final AttachTable table = region.table();

    @AfterEach
    void remove() throws Exception {
        region.close();
        Regions.remove(place);
    }

    @Test
    void shouldTellWhoIsAttached() {
        try (Attachment attachment = table.attach(Party.PRODUCER)) {
            Party party = table.party(0).orElseThrow();
            assertThat(party).isEqualTo(attachment.party());
            assertThat(party.peer().pid()).isEqualTo(Peer.current().pid());
            assertThat(party.peer().startTicks()).isEqualTo(Peer.current().startTicks());
            assertThat(party.peer().bootId()).isEqualTo(Peer.current().bootId());
            assertThat(party.peer().pidNamespace()).isEqualTo(Peer.current().pidNamespace());
            assertThat(party.role()).isEqualTo(Party.PRODUCER);
            assertThat(party.toString())
                    .isEqualTo("producer process " + Peer.current().pid() + " in slot 0");
            assertThat(attachment.offset()).isEqualTo(256);
            assertThat(table.isAlive(party)).isTrue();
            attachment.close();
            assertThat(table.isAlive(party)).isFalse();
            assertThat(table.parties()).isEmpty();
        }
    }

    @Test
    void shouldGiveEachAttachmentOfAProcessItsOwnSlotAndLock() {
        try (Region other = Regions.open(place)) {
            Attachment first = table.attach(1);
            Attachment second = other.table().attach(2);
            Attachment third = table.attach(2);
            assertThat(List.of(first.slot(), second.slot(), third.slot())).containsExactly(0, 1, 2);
            for (AttachTable each : List.of(table, other.table())) {
                assertThat(each.parties()).hasSize(3).allMatch(each::isAlive);
            }
            first.close();
            assertThat(other.table().isAlive(0)).isFalse();
            assertThat(other.table().isAlive(2)).isTrue();
            Attachment again = other.table().attach(1);
            assertThat(again.slot()).isZero();
            assertThat(again.party().generation()).isEqualTo(2);
            assertThat(table.isAlive(first.party())).isFalse();
            assertThat(table.isAlive(again.party())).isTrue();
            region.close();
            assertThat(other.table().parties()).containsExactly(again.party(), second.party());
        }
    }

    @Test
    void shouldSayWhoHasAllTheSlots() {
        List<Attachment> all = new ArrayList<>();
        for (int i = 0; i < table.slots(); i++) {
            all.add(table.attach(Party.PRODUCER));
        }
        assertThatThrownBy(() -> table.attach(Party.PRODUCER))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("attach(" + place + "): no slot is free: slots=4")
                .hasMessageContaining("producer process " + Peer.current().pid() + " in slot 3");
        all.get(2).close();
        assertThat(table.attach(Party.PRODUCER).slot()).isEqualTo(2);
    }

    @Test
    void shouldSeeADeathAndTakeTheSlot() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "attach", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            Party party = table.party(0).orElseThrow();
            assertThat(party.peer().pid()).isEqualTo(child.pid());
            assertThat(party.role()).isEqualTo(Party.CONSUMER);
            assertThat(table.isAlive(party)).isTrue();
            assertThat(table.isAnyDead()).isFalse();
            child.kill();
            assertThat(table.isAlive(party)).isFalse();
            assertThat(table.isAnyDead()).isTrue();
            assertThat(table.attach(1, slot -> false).slot()).isEqualTo(1);
            assertThat(region.epoch()).isZero();
            region.segment().set(JAVA_LONG, AttachTable.OFFSET + AttachTable.OWN_OFFSET, 7);
            Attachment taken = table.attach(1, slot -> true);
            assertThat(taken.slot()).isZero();
            assertThat(taken.party().generation()).isEqualTo(2);
            assertThat(region.segment().get(JAVA_LONG, taken.offset() + AttachTable.OWN_OFFSET))
                    .isZero();
            assertThat(region.epoch()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotTakeAReusedNumberForTheDeadProcess() {
        Attachment attachment = table.attach(1);
        long at = attachment.offset();
        long locked = region.segment().get(JAVA_LONG, at);
        // As a process without native access leaves it: no lock, and its identity in the fields.
        unlocked(at, locked);
        assertThat(table.isAlive(0)).isTrue();
        region.segment().set(JAVA_LONG, at + 24, Peer.current().startTicks() - 1);
        assertThat(table.isAlive(0)).isFalse();
        region.segment().set(JAVA_LONG, at + 24, Peer.current().startTicks());
        assertThat(table.isAlive(0)).isTrue();
        region.segment().set(JAVA_LONG, at + 40, 1);
        assertThat(table.isAlive(0)).as("of another boot").isFalse();
    }

    @Test
    void shouldTakeAPartyOfAnotherNamespaceToBeAlive() {
        long at = table.attach(1).offset();
        unlocked(at, region.segment().get(JAVA_LONG, at));
        region.segment().set(JAVA_LONG, at + 32, 1);
        region.segment().set(JAVA_LONG, at + 16, 1L << 40);
        assertThat(table.isAlive(0)).isTrue();
    }

    @Test
    void shouldTellWithoutProc() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        assertThat(Identity.handled(child.pid())).isTrue();
        child.destroyForcibly().waitFor();
        assertThat(Identity.handled(child.pid())).isFalse();
        assertThat(Identity.handled(-1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL-UNNAMED", "java.base"})
    void shouldGiveASlotToOneOnly(String nativeAccessOfTheOther) throws Exception {
        try (ChildJvm child =
                ChildJvm.start(
                        List.of(),
                        List.of("--enable-native-access=" + nativeAccessOfTheOther),
                        RegionChild.class,
                        "churn",
                        place.name())) {
            assertThat(child.line()).isEqualTo("begin");
            assertThat(RegionChild.churn(region)).isPositive();
            assertThat(Integer.parseInt(child.line())).isPositive();
            assertThat(child.waitFor()).isZero();
        }
        assertThat(table.parties()).isEmpty();
    }

    private void unlocked(long at, long word) {
        region.segment().set(JAVA_LONG, at, word & ~4 | 1L << 40);
    }
}
