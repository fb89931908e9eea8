// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No store of the algorithms is forgotten: where there is a kill point, somebody dies in a test.
 */
class KillPointNamesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/kith/ring");
    private static final Path TESTS = Path.of("src/test/java/dev/kith/ring");
    private static final Pattern PASS = Pattern.compile("KillPoints\\.pass\\(\\s*\"([^\"]+)\"");

    /** Takes a lost race at the moment when the ring is full: no process can be made to. */
    private static final Set<String> IN_THE_MODEL_ONLY = Set.of("mpsc.claim.gaveUp");

    @Test
    void shouldKillAProcessAtEachPoint() throws Exception {
        Set<String> points = points();
        assertThat(points).hasSizeGreaterThan(25);
        points.removeAll(IN_THE_MODEL_ONLY);
        checkNamed(points, "RingDeathTest", "BroadcastDeathTest");
    }

    @Test
    void shouldKillAPartyOfTheModelAtEachPoint() throws Exception {
        checkNamed(points(), "DeathModelTest", "BroadcastModelTest");
    }

    private static void checkNamed(Set<String> points, String... tests) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String each : tests) {
            text.append(Files.readString(TESTS.resolve(each + ".java")));
        }
        assertThat(points)
                .allSatisfy(each ->
                        assertThat(text).containsPattern("[\", ]" + Pattern.quote(each) + "\""));
    }

    private static Set<String> points() throws Exception {
        Set<String> points = new TreeSet<>();
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Matcher pass = PASS.matcher(Files.readString(source));
                while (pass.find()) {
                    points.add(pass.group(1));
                }
            }
        }
        return points;
    }
}
