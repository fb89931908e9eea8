// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.blocking.Deadline;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A JVM without any flag and one with native access share a region, in both directions; the one
 * without says nothing that it was not asked to say.
 */
@Timeout(60)
class WithoutNativeAccessTest {
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Place.Shm place = Regions.name();

    @AfterEach
    void remove() throws Exception {
        Regions.remove(place);
    }

    @Test
    void shouldAttachAndBeSeenToDie() throws Exception {
        try (Region region = Regions.create(place);
                ChildJvm child = ChildJvm.bare(RegionChild.class, "attach", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            Party party = region.table().party(0).orElseThrow();
            assertThat(party.peer().pid()).isEqualTo(child.pid());
            assertThat(SlotWord.isWithoutNativeAccess(region.table().word(0))).isTrue();
            assertThat(region.table().isAlive(party)).isTrue();
            assertThat(region.table().attach(1).slot()).isEqualTo(1);
            region.watch().scan();
            assertThat(region.watch().mustAsk()).as("the kernel watches it").isFalse();
            child.kill();
            assertThat(region.table().isAlive(party)).isFalse();
            assertThat(region.table().attach(1).slot()).isZero();
        }
    }

    @Test
    void shouldDetach() throws Exception {
        try (Region region = Regions.create(place);
                ChildJvm child = ChildJvm.bare(RegionChild.class, "attach", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            child.write(1);
            assertThat(child.line()).isEqualTo("detached");
            assertThat(child.waitFor()).isZero();
            assertThat(child.line()).isNull();
            assertThat(region.table().parties()).isEmpty();
        }
    }

    @Test
    void shouldSeeWhatIsPublished() throws Exception {
        try (Region region = Regions.create(place);
                ChildJvm child = ChildJvm.bare(RegionChild.class, "await", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            for (long i = 1; i <= 5; i++) {
                Thread.sleep(60);
                LONG.setRelease(region.data(), 0L, i);
                region.parking(Regions.WORD).wake();
                assertThat(child.line()).isEqualTo("got " + i);
            }
        }
    }

    @Test
    void shouldBeHeardThoughItCanWakeNobody() throws Exception {
        try (Region region = Regions.create(place);
                ChildJvm child = ChildJvm.bare(RegionChild.class, "publish", place.name())) {
            assertThat(child.line()).isEqualTo("0");
            Parking parking = region.parking(Regions.WORD);
            for (long i = 1; i <= 5; i++) {
                Thread.sleep(20);
                child.write(1);
                long awaited = i;
                parking.await(
                        () -> (long) LONG.getAcquire(region.data(), 0L) == awaited,
                        Deadline.FOREVER);
            }
        }
    }

    @Test
    void shouldMakeARegionAsWholeAndAsPrivate() throws Exception {
        try (ChildJvm child = ChildJvm.bare(RegionChild.class, "make", place.name())) {
            assertThat(child.line()).isEqualTo("made");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.path())))
                    .isEqualTo("rw-------");
            try (Region region = Regions.open(place)) {
                assertThat(region.header().creator().pid()).isEqualTo(child.pid());
                assertThat(region.table().isAnyAlive()).isTrue();
                assertThat(region.sweep()).isFalse();
                child.kill();
                assertThat(region.sweep()).isTrue();
            }
            assertThat(place.path()).doesNotExist();
        }
    }

    @Test
    void shouldGoThroughAllOfIt() throws Exception {
        try (ChildJvm child = ChildJvm.bare(RegionChild.class, "create", place.name())) {
            assertThat(List.of(child.line(), child.line())).containsExactly("1", "passed 0");
            assertThat(child.line()).isNull();
            assertThat(child.waitFor()).isZero();
        }
        assertThat(place.path()).doesNotExist();
    }

    @Test
    void shouldSayWhatNeedsNativeAccess() throws Exception {
        try (ChildJvm child = ChildJvm.bare(RegionChild.class, "memfd", place.name())) {
            assertThat(child.line())
                    .isEqualTo(
                            "memfd:0: memory without a name takes native access; start java with"
                                    + " --enable-native-access=ALL-UNNAMED");
            assertThat(child.line()).isNull();
        }
    }

    @Test
    void shouldHearOfADeath() throws Exception {
        try (Region region = Regions.create(place);
                ChildJvm dies = ChildJvm.start(RegionChild.class, "attach", place.name());
                ChildJvm hears = ChildJvm.bare(RegionChild.class, "mourn", place.name())) {
            assertThat(dies.line()).isNotNull();
            assertThat(hears.line()).isEqualTo("0 deaths");
            dies.kill();
            assertThat(hears.line()).isEqualTo("1 deaths");
            assertThat(region.table().isAnyDead()).isTrue();
        }
    }
}
