// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.Peer;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.RegionChild;
import dev.kith.memory.Regions;
import dev.kith.posix.SharedMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReaperTest {
    private final Place.Shm place = Regions.name();

    @TempDir Path folder;

    @AfterEach
    void remove() throws Exception {
        Regions.remove(place);
    }

    @Test
    void shouldRemoveWhatADeadProcessHasLeft() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "make", place.name())) {
            assertThat(child.line()).isEqualTo("made");
            assertThat(found()).isEmpty();
            child.kill();
            Leftover leftover = found().orElseThrow();
            assertThat(leftover.uri()).isEqualTo("shm:/" + place.name());
            assertThat(leftover.kind()).isEqualTo("SPSC ring");
            assertThat(leftover.sizeBytes()).isEqualTo(Regions.SMALL.totalBytes());
            assertThat(leftover.dead()).extracting(Peer::pid).containsExactly(child.pid());
            assertThat(Reaper.remove(leftover)).isTrue();
            assertThat(place.path()).doesNotExist();
            assertThat(Reaper.remove(leftover)).isFalse();
        }
    }

    @Test
    void shouldLeaveWhatSomebodyHasAttachedToMeanwhile() throws Exception {
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "make", place.name())) {
            assertThat(child.line()).isEqualTo("made");
            child.kill();
            Leftover leftover = found().orElseThrow();
            try (Region region = Regions.open(place)) {
                region.table().attach(Party.CONSUMER, slot -> false);
                assertThat(found()).isEmpty();
                assertThat(Reaper.remove(leftover)).isFalse();
                assertThat(place.path()).exists();
            }
            assertThat(Reaper.remove(leftover)).isTrue();
        }
    }

    @Test
    void shouldLeaveWhatAllHaveClosed() throws Exception {
        Regions.create(place).close();
        assertThat(found()).isEmpty();
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "attach", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            child.write(1);
            assertThat(child.line()).isEqualTo("detached");
        }
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldLeaveWhatOthersHaveMade() throws Exception {
        try (SharedMemory memory = SharedMemory.create("/" + place.name(), 8192)) {
            assertThat(found()).isEmpty();
            Leftover claimed = new Leftover("shm:", place.path(), "", 0, List.of());
            assertThat(Reaper.remove(claimed)).isFalse();
            memory.unlink();
        }
        Files.createSymbolicLink(place.path(), folder.resolve("none"));
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldRemoveWhatWasNeverFinished() throws Exception {
        long me = ProcessHandle.current().pid();
        long start = Peer.current().startTicks();
        Path mine = Files.createFile(folder.resolve(".kith-new-" + me + "-" + start + "-1f"));
        Path dead = Files.createFile(folder.resolve(".kith-new-" + me + "-" + (start - 1) + "-1f"));
        Files.createFile(folder.resolve(".kith-new-" + me + "-old"));
        List<Leftover> found = Reaper.find(folder);
        assertThat(found).extracting(Leftover::path).containsExactly(dead);
        assertThat(found.getFirst().kind()).isEqualTo("unfinished");
        assertThat(Reaper.remove(found.getFirst())).isTrue();
        assertThat(dead).doesNotExist();
        Leftover living = new Leftover("", mine, "unfinished", 0, List.of());
        assertThat(Reaper.remove(living)).isFalse();
        assertThat(mine).exists();
    }

    @Test
    void shouldLookIntoFilesWhereItIsAskedTo() throws Exception {
        Path file = folder.resolve("region");
        try (ChildJvm child = ChildJvm.start(RegionChild.class, "makefile", file.toString())) {
            assertThat(child.line()).isEqualTo("made");
            child.kill();
        }
        assertThat(Reaper.find(folder.resolve("none"))).isEmpty();
        List<Leftover> found = Reaper.find(folder);
        assertThat(found).extracting(Leftover::uri).containsExactly("mmap:" + file);
        assertThat(found.stream().allMatch(Reaper::remove)).isTrue();
        assertThat(file).doesNotExist();
    }

    private Optional<Leftover> found() {
        return Reaper.find().stream().filter(each -> each.path().equals(place.path())).findFirst();
    }
}
