// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.NotFound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is killed between any two stores: those who live on find nothing that hinders them. */
@Timeout(300)
class KillPointTest {
    private static final int KILLED = 128 + 9;
    private static final String WITH = "ALL-UNNAMED";
    private static final String WITHOUT = "java.base";

    private final Place.Shm place = Regions.name();
    private final Set<Long> started = new HashSet<>();

    @AfterEach
    void remove() throws Exception {
        Regions.remove(place);
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH, WITHOUT})
    void shouldLeaveNothingOrWhatCanBeSwept(String nativeAccess) throws Exception {
        int points = count(nativeAccess, "create");
        assertThat(points).isGreaterThan(15);
        boolean seen = false;
        for (int point = 1; point <= points; point++) {
            assertThat(killedAt(point, nativeAccess, "create")).as("point %d", point).isTrue();
            if (Files.exists(place.path())) {
                seen = true;
                try (Region region = Regions.open(place)) {
                    assertThat(region.table().isAnyAlive()).as("point %d", point).isFalse();
                    assertThat(region.table().isAnyDead()).as("point %d", point).isTrue();
                    region.table().attach(Party.PRODUCER).close();
                    assertThat(region.sweep()).as("point %d", point).isTrue();
                }
            }
            assertThat(leftOver()).as("point %d", point).allMatch(KillPointTest::isOfTheDead);
        }
        assertThat(seen).isTrue();
        for (Path path : leftOver()) {
            Files.delete(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH, WITHOUT})
    void shouldKeepTheTableGood(String nativeAccess) throws Exception {
        try (Region region = Regions.create(place);
                Attachment living = region.table().attach(Party.PRODUCER)) {
            int points = count(nativeAccess, "join");
            assertThat(points).isGreaterThan(15);
            for (int point = 1; point <= points; point++) {
                assertThat(killedAt(point, nativeAccess, "join")).as("point %d", point).isTrue();
                AttachTable table = region.table();
                assertThat(table.isAlive(living.party())).isTrue();
                for (int slot = 1; slot < table.slots(); slot++) {
                    assertThat(table.isAlive(slot)).as("point %d, slot %d", point, slot).isFalse();
                }
                try (Attachment one = table.attach(1);
                        Attachment two = table.attach(1);
                        Attachment three = table.attach(1)) {
                    assertThat(List.of(one.slot(), two.slot(), three.slot()))
                            .as("point %d", point)
                            .containsExactly(1, 2, 3);
                }
                assertThat(table.parties()).containsExactly(living.party());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH, WITHOUT})
    void shouldLetAnotherFinishARemoval(String nativeAccess) throws Exception {
        Regions.create(place).close();
        int points = count(nativeAccess, "sweep");
        assertThat(points).isEqualTo(2);
        for (int point = 1; point <= points; point++) {
            Regions.create(place).close();
            assertThat(killedAt(point, nativeAccess, "sweep")).as("point %d", point).isTrue();
            assertThatThrownBy(() -> Regions.open(place)).isInstanceOf(NotFound.class);
            assertThat(place.path()).doesNotExist();
        }
    }

    @Test
    void shouldLeaveATemporaryNameThatSaysWhose() throws Exception {
        int points = count(WITH, "temporary");
        Files.delete(place.path());
        for (int point = 1; point <= points; point++) {
            assertThat(killedAt(point, WITH, "temporary")).as("point %d", point).isTrue();
            if (Files.deleteIfExists(place.path())) {
                assertThat(point).as("the name comes last").isEqualTo(points);
            }
            assertThat(leftOver()).allMatch(KillPointTest::isOfTheDead);
        }
        assertThat(leftOver()).isNotEmpty();
        for (Path path : leftOver()) {
            Files.delete(path);
        }
    }

    /** The ways above pass every place that the sources have. */
    @Test
    void shouldPassEveryPoint() throws Exception {
        Set<String> passed = new TreeSet<>();
        for (String nativeAccess : List.of(WITH, WITHOUT)) {
            passed.addAll(places(nativeAccess, "create"));
            Regions.create(place).close();
            passed.addAll(places(nativeAccess, "join"));
            passed.addAll(places(nativeAccess, "sweep"));
        }
        passed.addAll(places(WITH, "temporary"));
        Files.delete(place.path());
        Set<String> all = new TreeSet<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/kith/memory"))) {
            for (Path source : sources.toList()) {
                List<String> lines = Files.readAllLines(source);
                for (int line = 0; line < lines.size(); line++) {
                    if (lines.get(line).contains("KillPoint.pass();")) {
                        all.add(source.getFileName() + ":" + (line + 1));
                    }
                }
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        assertThat(passed).containsAll(all);
    }

    /** How many points are on that way. */
    private int count(String nativeAccess, String what) throws Exception {
        String last = lines(nativeAccess, what).getLast();
        return Integer.parseInt(last.replaceAll("\\D", ""));
    }

    /** Where the points of that way are. */
    private List<String> places(String nativeAccess, String what) throws Exception {
        return lines(nativeAccess, what).stream()
                .filter(each -> each.startsWith("at "))
                .map(each -> each.substring(3))
                .toList();
    }

    private List<String> lines(String nativeAccess, String what) throws Exception {
        try (ChildJvm child = start(Integer.MAX_VALUE, nativeAccess, what)) {
            List<String> lines = new ArrayList<>();
            for (String line; (line = child.line()) != null; ) {
                lines.add(line);
            }
            assertThat(child.waitFor()).isZero();
            return lines;
        }
    }

    private boolean killedAt(int point, String nativeAccess, String what) throws Exception {
        try (ChildJvm child = start(point, nativeAccess, what)) {
            return child.waitFor() == KILLED;
        }
    }

    private ChildJvm start(int point, String nativeAccess, String what) throws Exception {
        ChildJvm child =
                ChildJvm.start(
                        List.of(),
                        List.of(
                                "-Dkith.kill.point=" + point,
                                "--enable-native-access=" + nativeAccess),
                        RegionChild.class,
                        what,
                        place.name());
        started.add(child.pid());
        return child;
    }

    private static boolean isOfTheDead(Path path) {
        return TemporaryName.maker(path.getFileName().toString())
                .filter(maker -> !maker.isAlive())
                .isPresent();
    }

    private List<Path> leftOver() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(each -> each.toString().contains(".kith-new-"))
                    .filter(this::isOfOurs)
                    .toList();
        }
    }

    /** Other builds may make regions on this machine meanwhile. */
    private boolean isOfOurs(Path path) {
        return TemporaryName.maker(path.getFileName().toString())
                .filter(maker -> !started.contains(maker.pid()))
                .isEmpty();
    }
}
