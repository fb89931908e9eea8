// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a file says, this JVM goes on. */
@Timeout(120)
class DamagedRegionTest {
    private static final long SEED = 20261120;
    private static final int ROUNDS = 4000;
    private static final long[] EXTREMES = {
        0, 1, -1, 2, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    @TempDir Path folder;

    private Path path;
    private Place place;
    private byte[] image;

    @BeforeEach
    void make() throws IOException {
        path = folder.resolve("region");
        place = Place.file(path);
        try (Region region = Regions.create(place)) {
            region.table().attach(Party.PRODUCER);
            image = Files.readAllBytes(path);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, magic: expected=\"KITHMEM1\"; found=0x",
        "24, 4096, offset of the attach table: expected=256; found=4096",
        "28, 0, slots: expected=1 to 1024; found=0",
        "28, -1, slots: expected=1 to 1024; found=-1",
        "28, 11, offset of the data: expected=a multiple of 512 from 1664; found=1536",
        "32, 1024, bytes of the segment: expected=5120; found=",
        "32, 1000, offset of the data: expected=a multiple of 512 from 768; found=1000",
        "32, -512, offset of the data: expected=a multiple of 512 from 768; found=-512",
        "40, 4097, capacity: expected=a power of two from 8; found=4097",
        "40, 0, capacity: expected=a power of two from 8; found=0",
        "40, 8192, bytes of the segment: expected=",
        "16, 1, bytes of the segment: expected=",
        "88, 9999, longest message: expected=0 to 4096; found=9999",
        "88, -1, longest message: expected=0 to 4096; found=-1",
        "8, 2, kind: expected=SPSC ring; found=MPSC ring",
        "8, 77, kind: expected=SPSC ring; found=kind 77",
    })
    void shouldNameWhatWasExpectedAndFound(int at, long value, String message) throws Exception {
        MemorySegment bytes = MemorySegment.ofArray(image);
        if (at == 0 || at == 16 || at == 32 || at == 40) {
            bytes.set(JAVA_LONG.withByteAlignment(1), at, value);
        } else {
            bytes.set(JAVA_INT.withByteAlignment(1), at, (int) value);
        }
        Files.write(path, image);
        assertThatThrownBy(() -> Regions.open(place))
                .isInstanceOf(Broken.class)
                .hasMessageStartingWith(place + " is no region of Kith, or is damaged: ")
                .hasMessageContaining(message.replace(';', ','));
    }

    @Test
    void shouldSayThatItIsOfAnotherVersion() throws Exception {
        MemorySegment.ofArray(image).set(JAVA_INT.withByteAlignment(1), 12, 2);
        Files.write(path, image);
        assertThatThrownBy(() -> Regions.open(place))
                .isInstanceOf(IpcException.class)
                .isNotInstanceOf(Broken.class)
                .hasMessageContaining("layout version: expected=1, found=2")
                .hasMessageContaining("another release");
    }

    @Test
    void shouldRefuseWhatIsCutOrNoFile() throws Exception {
        for (int size : new int[] {0, 1, 255, 256, image.length - 1}) {
            Files.write(path, Arrays.copyOf(image, size));
            assertThatThrownBy(() -> Regions.open(place))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("size of the file: expected=")
                    .hasMessageContaining("found=" + size);
        }
        assertThatThrownBy(() -> Regions.open(Place.file(folder)))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("EISDIR");
        assertThatThrownBy(() -> Regions.open(Place.file(Path.of("/dev/null"))))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("type: expected=a regular file");
    }

    @Test
    void shouldSurviveAnyBytes() throws Exception {
        Random random = new Random(SEED);
        int opened = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = image.clone();
            // Half of the time the table alone, so that the header lets it in.
            damage(damaged, random, random.nextBoolean() ? 0 : 256);
            int size = random.nextInt(8) == 0 ? random.nextInt(image.length * 2) : damaged.length;
            Files.write(path, Arrays.copyOf(damaged, size));
            try (Region region = Region.open(place, 0)) {
                opened++;
                use(region, size);
            } catch (IpcException refused) {
                assertThat(refused).as("round %d", round).hasMessageContaining(place.toString());
            }
        }
        assertThat(opened).isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    private static void use(Region region, int size) {
        assertThat(region.segment().byteSize()).isLessThanOrEqualTo(size);
        region.data().fill((byte) 0);
        region.header().toString();
        AttachTable table = region.table();
        table.parties().forEach(table::isAlive);
        region.watch().scan();
        region.watch().scan();
        table.attach(Party.CONSUMER).close();
        region.parking(Regions.SMALL.cursorOffset()).wake();
        table.isAnyAlive();
        table.isAnyDead();
    }

    private static void damage(byte[] image, Random random, int from) {
        MemorySegment bytes = MemorySegment.ofArray(image);
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int at = from + random.nextInt((from == 0 ? 256 : 768) - from) & ~7;
            switch (random.nextInt(3)) {
                case 0 -> image[at + random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes.set(JAVA_LONG.withByteAlignment(1), at, random.nextLong());
                default ->
                        bytes.set(
                                JAVA_LONG.withByteAlignment(1),
                                at,
                                EXTREMES[random.nextInt(EXTREMES.length)]);
            }
        }
    }
}
