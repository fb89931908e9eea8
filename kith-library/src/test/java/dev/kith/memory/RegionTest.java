// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.Nobody;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RegionTest {
    private final Place.Shm place = Regions.name();

    @TempDir Path folder;

    @AfterEach
    void remove() throws Exception {
        Regions.remove(place);
    }

    @Test
    void shouldShareMemoryBetweenHandles() {
        try (Region made = Regions.create(place);
                Region opened = Regions.open(place)) {
            made.data().set(JAVA_LONG, 0, 42);
            assertThat(opened.data().get(JAVA_LONG, 0)).isEqualTo(42);
            assertThat(opened.header()).isEqualTo(made.header());
            assertThat(opened.header().shape()).isEqualTo(Regions.SMALL);
            assertThat(opened.header().creator().pid()).isEqualTo(Peer.current().pid());
            assertThat(opened.header().creator().isAlive()).isTrue();
            assertThat(opened.header().created())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
        }
    }

    @Test
    void shouldBePrivateAndHaveItsRoomReserved() throws Exception {
        try (Region region = Regions.create(place)) {
            Path file = place.path();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Files.size(file)).isEqualTo(Regions.SMALL.totalBytes());
            Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
            long blocks = Long.parseLong(stat.inputReader().readLine());
            assertThat(blocks * 512).isGreaterThanOrEqualTo(region.segment().byteSize());
        }
    }

    @Test
    void shouldFillThePageOfTheDefaultChannel() {
        Shape shape = Shape.of(1, 16, 640, 32 << 10, 8184, 0);
        assertThat(shape.cursorOffset()).isEqualTo(256 + 2048);
        assertThat(shape.dataOffset()).isEqualTo(3072);
        assertThat(shape.totalBytes()).isLessThan(64 << 10);
    }

    @Test
    void shouldMakeNothingWhereSomethingIs() throws Exception {
        Files.createFile(place.path());
        assertThatThrownBy(() -> Regions.create(place))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageContaining("linkat(\"" + place.path() + "\"): EEXIST")
                .hasMessageEndingWith("or remove it with: kith rm " + place);
        assertThat(Files.size(place.path())).isZero();
    }

    @Test
    void shouldSayThatThereIsNone() {
        assertThatThrownBy(() -> Regions.open(place))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("open(\"" + place.path() + "\", O_RDWR|O_NOFOLLOW): ENOENT")
                .hasMessageEndingWith("kith create makes it");
        Place elsewhere = Place.file(folder.resolve("none/file"));
        assertThatThrownBy(() -> Regions.create(elsewhere))
                .isInstanceOf(NotFound.class)
                .hasMessageEndingWith("the directory must exist");
    }

    @Test
    void shouldNotFollowALink() throws Exception {
        Path target = folder.resolve("target");
        Regions.create(Place.file(target)).close();
        Files.createSymbolicLink(place.path(), target);
        assertThatThrownBy(() -> Regions.open(place)).hasMessageContaining("ELOOP");
        assertThatThrownBy(() -> Regions.create(place)).isInstanceOf(AlreadyExists.class);
        assertThat(Files.isSymbolicLink(place.path())).isTrue();
    }

    @Test
    void shouldRefuseWhatIsNoName() {
        for (String name : List.of("", "/", "a/b", "..", "/..", "a\0b")) {
            assertThatThrownBy(() -> Place.shm(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a name");
        }
        assertThatThrownBy(() -> Place.shm("x".repeat(300)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("length=300, limit=255 bytes");
        assertThat(Place.shm("/x")).isEqualTo(Place.shm("x"));
    }

    @Test
    void shouldLeaveNothingWhereThePreparationFails() throws IOException {
        assertThatThrownBy(() ->
                        Region.create(
                                place,
                                Regions.SMALL,
                                region -> {
                                    throw new IllegalStateException("on purpose");
                                }))
                .hasMessage("on purpose");
        assertThat(place.path()).doesNotExist();
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            assertThat(files).noneMatch(each -> each.toString().contains(".kith-new-"));
        }
    }

    @Test
    void shouldMakeItByATemporaryNameWhereThereAreNoFilesWithoutOne() throws IOException {
        Path path = folder.resolve("region");
        try (RegionFile file =
                NativeFile.byTemporaryName(
                        Place.file(path), 4096, made -> assertThat(path).doesNotExist())) {
            assertThat(file.isStillThere()).isTrue();
            assertThat(file.memory().byteSize()).isEqualTo(4096);
            assertThatThrownBy(() ->
                            NativeFile.byTemporaryName(Place.file(path), 4096, made -> {}).close())
                    .isInstanceOf(AlreadyExists.class);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void shouldShareMemoryWithoutAName() throws Exception {
        int fd = Fcntl.open("/dev/shm", Fcntl.O_TMPFILE | Fcntl.O_RDWR | Fcntl.O_CLOEXEC, 0600);
        Place unnamed = Place.descriptor(fd);
        try (Region made = Regions.create(unnamed);
                Region again = Regions.open(unnamed)) {
            Attachment first = made.table().attach(Party.PRODUCER);
            assertThat(again.table().isAlive(first.party())).isTrue();
            try (ChildJvm child =
                    ChildJvm.start(
                            List.of(
                                    "sh",
                                    "-c",
                                    "exec \"$@\" <" + "/proc/" + pid() + "/fd/" + fd,
                                    "sh"),
                            List.of("--enable-native-access=ALL-UNNAMED"),
                            RegionChild.class,
                            "stdin",
                            "-")) {
                assertThat(child.line()).isEqualTo("slot 1");
                assertThat(again.data().get(JAVA_LONG, 0)).isEqualTo(7);
                assertThat(made.table().isAlive(1)).isTrue();
                child.kill();
                assertThat(made.table().isAlive(1)).isFalse();
            }
            assertThat(made.sweep()).isFalse();
            assertThatThrownBy(made::unlink).isInstanceOf(NotFound.class);
        } finally {
            Unistd.close(fd);
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    @Test
    void shouldSayBrokenWhenTheFileIsCut() throws Exception {
        try (Region region = Regions.create(place);
                Attachment attachment = region.table().attach(Party.CONSUMER)) {
            region.parking(Regions.WORD);
            assertThat(attachment.slot()).isZero();
            try (FileChannel file = FileChannel.open(place.path(), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            assertThatThrownBy(() -> region.guarded("read", () -> region.data().get(JAVA_LONG, 0)))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("read of " + place)
                    .hasMessageContaining("has truncated it: size when mapped=");
            assertThatThrownBy(() -> region.table().attach(Party.PRODUCER))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("attach of " + place);
            InternalError other = new InternalError("another");
            assertThatThrownBy(() -> region.broken("read", other)).isSameAs(other);
        }
    }

    @Test
    void shouldKeepTheMemoryAfterTheClose() {
        Region region = Regions.create(place);
        region.table().attach(Party.CONSUMER);
        region.close();
        region.close();
        assertThat(region.isClosed()).isTrue();
        assertThatThrownBy(() -> region.table().attach(Party.CONSUMER))
                .isInstanceOf(Closed.class)
                .hasMessage(place + " is closed");
        assertThat(region.data().get(JAVA_LONG, 0)).isZero();
    }

    @Test
    void shouldRemoveItsOwnNameOnly() throws Exception {
        try (Region first = Regions.create(place)) {
            first.unlink();
            assertThatThrownBy(first::unlink).isInstanceOf(NotFound.class);
            try (Region second = Regions.create(place)) {
                assertThatThrownBy(first::unlink)
                        .isInstanceOf(NotFound.class)
                        .hasMessageContaining("it was removed already");
                assertThat(first.sweep()).isFalse();
                assertThat(place.path()).exists();
                second.unlink();
            }
        }
        assertThat(place.path()).doesNotExist();
    }

    @Test
    void shouldOpenWhatIsThereAndMakeWhatIsNot() {
        try (Region made = Region.openOrCreate(place, Regions.SMALL, region -> {});
                Region opened = Region.openOrCreate(place, Regions.SMALL, region -> {})) {
            made.data().set(JAVA_LONG, 0, 1);
            assertThat(opened.data().get(JAVA_LONG, 0)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotAttachToWhatIsBeingRemoved() {
        try (Region late = Regions.create(place);
                Region reaper = Regions.open(place)) {
            assertThat(reaper.sweep()).isTrue();
            assertThat(place.path()).doesNotExist();
            assertThatThrownBy(() -> late.table().attach(Party.CONSUMER))
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining("it is being removed");
            assertThat(late.table().parties()).isEmpty();
        }
    }

    @Test
    void shouldFinishARemovalThatWasCutShort() {
        try (Region region = Regions.create(place)) {
            Header.raise(region.segment(), Header.REMOVED);
        }
        assertThatThrownBy(() -> Regions.open(place)).isInstanceOf(NotFound.class);
        assertThat(place.path()).doesNotExist();
    }

    @Test
    void shouldNotOpenWhatAnotherUserHasPutThere() throws Exception {
        Nobody.assumePossible();
        Regions.create(place).close();
        assertThat(Nobody.run(RegionChild.class, "open", place.name()))
                .singleElement()
                .asString()
                .startsWith("Denied open(\"" + place.path() + "\", O_RDWR|O_NOFOLLOW): EACCES")
                .endsWith("see its owner and mode with: ls -l " + place.path());
        Files.setPosixFilePermissions(place.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setAttribute(place.path(), "unix:uid", 4711);
        assertThat(Nobody.run(RegionChild.class, "open", place.name()))
                .singleElement()
                .asString()
                .contains("another user: expected=uid 65534, found=uid 4711");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALL-UNNAMED", "java.base"})
    void shouldSayThatThereIsNoRoom(String nativeAccess) throws Exception {
        List<String> inSmallMemory =
                List.of(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=64k none /dev/shm && exec \"$@\"",
                        "sh");
        List<String> tried = new ArrayList<>(inSmallMemory);
        tried.add("true");
        assumeTrue(
                new ProcessBuilder(tried).start().waitFor() == 0,
                "a small /dev/shm cannot be made here");
        try (ChildJvm child =
                ChildJvm.start(
                        inSmallMemory,
                        List.of("--enable-native-access=" + nativeAccess),
                        RegionChild.class,
                        "full",
                        place.name())) {
            assertThat(child.line())
                    .contains("(" + place + ", 1051648 bytes): ENOSPC (No space left on device)")
                    .contains("/dev/shm has 65536 bytes free; see what takes it")
                    .contains("remount,size=2G");
            assertThat(child.line()).isEqualTo("[]");
        }
    }

    @Test
    void shouldLeaveWhatIsInUse() {
        try (Region region = Regions.create(place);
                Attachment attachment = region.table().attach(Party.PRODUCER);
                Region reaper = Regions.open(place)) {
            assertThat(region.sweep()).isFalse();
            assertThat(reaper.sweep()).isFalse();
            attachment.close();
            assertThat(reaper.sweep()).isTrue();
        }
    }
}
