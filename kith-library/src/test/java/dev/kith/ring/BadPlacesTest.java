// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BadPlacesTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayWhatIsWrongAndLeaveEverythingAsItIs(boolean nativeAccess, @TempDir Path folder)
            throws Exception {
        Files.createDirectory(folder.resolve("folder"));
        Files.writeString(folder.resolve("there"), "too small");
        SpscRing.create(folder.resolve("target"), 4096).close();
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
        List<String> before = contents(folder);
        List<String> said = new ArrayList<>();
        try (ChildJvm child =
                nativeAccess
                        ? ChildJvm.start(BadPlaces.class, folder.toString())
                        : ChildJvm.bare(BadPlaces.class, folder.toString())) {
            for (String line = child.line(); line != null; line = child.line()) {
                said.add(line);
            }
            assertThat(child.waitFor()).isZero();
        }
        assertThat(said).hasSize(24);
        assertThat(said.subList(0, 9))
                .allMatch(each -> each.startsWith("IllegalArgumentException shm:"))
                .allMatch(each -> each.contains("not a name: at least one character"));
        assertThat(said.subList(9, 12))
                .allMatch(each -> each.startsWith("IllegalArgumentException shm:"))
                .allMatch(each -> each.endsWith("name too long: length=300, limit=255 bytes"));
        assertThat(said.subList(12, 15))
                .satisfiesExactly(
                        each -> assertThat(each).startsWith("AlreadyExists ").contains("EEXIST"),
                        each ->
                                assertThat(each)
                                        .contains("ELOOP", "a symbolic link is not followed"),
                        each ->
                                assertThat(each)
                                        .contains("ELOOP", "a symbolic link is not followed"));
        assertThat(said.subList(15, 18))
                .satisfiesExactly(
                        each -> assertThat(each).startsWith("AlreadyExists ").contains("EEXIST"),
                        each ->
                                assertThat(each)
                                        .startsWith("Broken ")
                                        .contains("expected=256 or more, found=9"),
                        each ->
                                assertThat(each)
                                        .startsWith("Broken ")
                                        .contains("expected=256 or more, found=9"));
        assertThat(said.get(18)).startsWith("AlreadyExists ");
        assertThat(said.subList(19, 21))
                .allMatch(each ->
                        each.contains("EISDIR")
                                || each.contains("expected=a regular file, found=a directory"));
        assertThat(said.subList(21, 24))
                .allMatch(each -> each.startsWith("NotFound ") && each.contains("ENOENT"));
        assertThat(said.get(21)).endsWith("the directory must exist");
        assertThat(contents(folder)).isEqualTo(before);
    }

    private static List<String> contents(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        }
    }
}
