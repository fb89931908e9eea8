// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of rings and broadcasts, damaged before they are opened, or cut while they are used. */
@Timeout(120)
class DamagedFileTest {
    private static final int ROUNDS = 1500;
    private static final long SEED = 20261121;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withByteAlignment(1);

    @TempDir Path folder;

    private enum Kind {
        SPSC,
        MPSC,
        BROADCAST
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldOpenOrRefuseWhateverIsInTheFile(Kind kind) throws Exception {
        Path path = folder.resolve("damaged");
        make(kind, path);
        byte[] image = Files.readAllBytes(path);
        int used = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] damaged = image.clone();
            damage(damaged, random, random.nextInt(4) == 0 ? 0 : 96);
            Files.deleteIfExists(path);
            Files.write(path, damaged);
            try {
                use(kind, path, random);
                used++;
            } catch (IpcException refused) {
                assertThat(refused).as("seed=%d", SEED + round).hasMessageNotContaining("null");
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError("seed=" + (SEED + round), wrong);
            }
        }
        assertThat(used).isBetween(ROUNDS / 8, ROUNDS - 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSayThatItWasCut(Kind kind) throws Exception {
        Path path = folder.resolve("cut");
        switch (kind) {
            case SPSC -> {
                SpscRing ring = SpscRing.create(path, 65536);
                cut(ring.producer(), path, ring.consumer());
                ring.close();
            }
            case MPSC -> {
                MpscRing ring = MpscRing.create(path, 65536);
                cut(ring.producer(), path, ring.consumer());
                ring.close();
            }
            case BROADCAST -> {
                Broadcast ring = Broadcast.create(path, 65536);
                RingProducer out = ring.producer();
                Subscriber in = ring.subscribe(Policy.DROP_OLDEST);
                out.put(Rings.message(1, 100));
                cut(path);
                assertBroken(() -> out.offer(Rings.message(2, 100)), "claim");
                assertBroken(() -> in.drain((_, _, _) -> {}, 1), "drain");
                assertBroken(in::isEmpty, "isEmpty");
                assertBroken(in::lagMessages, "lagMessages");
                ring.close();
            }
        }
    }

    @Test
    void shouldNameTheKindThatItIs() {
        Path path = folder.resolve("ring");
        MpscRing.create(path, 4096).close();
        assertThatThrownBy(() -> SpscRing.open(path))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("kind: expected=SPSC ring, found=MPSC ring");
        assertThatThrownBy(() -> Broadcast.openOrCreate(path, 4096))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("kind: expected=broadcast, found=MPSC ring");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSayThatAnOlderOrNewerReleaseMadeIt(Kind kind) throws Exception {
        for (int version : new int[] {0, 2}) {
            Path path = folder.resolve("version" + version);
            make(kind, path);
            byte[] image = Files.readAllBytes(path);
            image[12] = (byte) version;
            Files.write(path, image);
            assertThatThrownBy(() -> use(kind, path, new Random(1)))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("layout version: expected=1, found=" + version)
                    .hasMessageContaining("let both sides use the same one");
        }
    }

    private static void cut(RingProducer out, Path path, RingConsumer in) throws Exception {
        out.put(Rings.message(1, 100));
        cut(path);
        assertBroken(() -> out.offer(Rings.message(2, 100)), "");
        assertBroken(() -> in.drain((_, _, _) -> {}, 1), "drain");
        assertBroken(in::isEmpty, "isEmpty");
    }

    private static void cut(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(0);
        }
    }

    private static void assertBroken(Runnable call, String verb) {
        assertThatThrownBy(call::run)
                .isInstanceOf(Broken.class)
                .hasMessageStartingWith(verb)
                .hasMessageContaining("another process has truncated it");
    }

    private static void make(Kind kind, Path path) throws Exception {
        switch (kind) {
            case SPSC -> {
                try (SpscRing ring = SpscRing.create(path, 1024);
                        RingProducer out = ring.producer()) {
                    send(out);
                }
            }
            case MPSC -> {
                try (MpscRing ring = MpscRing.create(path, 1024);
                        RingProducer out = ring.producer()) {
                    send(out);
                }
            }
            case BROADCAST -> {
                try (Broadcast ring = Broadcast.create(path, 1024);
                        RingProducer out = ring.producer();
                        Subscriber in = ring.subscribe(Policy.BLOCK)) {
                    send(out);
                    assertThat(in.isEmpty()).isFalse();
                }
            }
        }
    }

    private static void send(RingProducer out) throws Exception {
        for (int i = 0; i < 6; i++) {
            out.put(Rings.message(i, 8 + 20 * i));
        }
    }

    private static void use(Kind kind, Path path, Random random) {
        switch (kind) {
            case SPSC -> {
                try (SpscRing ring = SpscRing.open(path)) {
                    ring.peek(10);
                    use(ring.consumer(), ring.producer(), random);
                }
            }
            case MPSC -> {
                try (MpscRing ring = MpscRing.open(path)) {
                    ring.peek(10);
                    use(ring.consumer(), ring.producer(), random);
                }
            }
            case BROADCAST -> {
                try (Broadcast ring = Broadcast.open(path)) {
                    ring.subscriptions();
                    Policy policy = Policy.values()[random.nextInt(4)];
                    Subscriber in = ring.subscribe(policy);
                    RingProducer out = ring.producer();
                    for (int i = 0; i < 20; i++) {
                        out.offer(Rings.message(i, 100));
                        in.drain(DamagedFileTest::touch, 3);
                    }
                    in.isReady();
                    ring.subscriptions();
                }
            }
        }
    }

    private static void use(RingConsumer in, RingProducer out, Random random) {
        for (int i = 0; i < 20; i++) {
            out.offer(Rings.message(i, 8 + random.nextInt(200)));
            in.drain(DamagedFileTest::touch, 3);
        }
        in.isReady();
        in.backlogBytes();
    }

    private static void touch(MemorySegment memory, long offset, int length) {
        assertThat(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)).hasSize(length);
    }

    /** A bit, a word, or one that could be there. */
    private static void damage(byte[] image, Random random, int from) {
        MemorySegment bytes = MemorySegment.ofArray(image);
        for (int times = 1 + random.nextInt(6); times > 0; times--) {
            int at = from + random.nextInt(image.length - from) & ~7;
            long position = random.nextInt(4096) & -8;
            switch (random.nextInt(5)) {
                case 0 -> image[at + random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes.set(LONG, at, random.nextLong());
                case 2 -> bytes.set(LONG, at, RingLayout.record(position, random.nextInt(500)));
                case 3 -> bytes.set(LONG, at, RingLayout.cursor(position, random.nextInt(70)));
                default -> bytes.set(LONG, at, random.nextInt(3) - 1);
            }
        }
    }
}
