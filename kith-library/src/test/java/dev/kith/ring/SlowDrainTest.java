// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers get their room while a long drain goes on, and do not sleep until it is over. */
@Timeout(60)
class SlowDrainTest {
    @ParameterizedTest
    @ValueSource(ints = {RingLayout.KIND_SPSC, RingLayout.KIND_MPSC})
    void shouldWakeWhoWaitsForRoomBeforeTheDrainEnds(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 4096);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK);
                ChildJvm child =
                        ChildJvm.start(SuccessorPeer.class, "fill", "" + kind, test.ring.name())) {
            int sent = Integer.parseInt(child.line().substring("full ".length()));
            int asleep = parking(test, kind);
            while (asleep == 0) {
                Thread.sleep(1);
                asleep = parking(test, kind);
            }
            int before = asleep;
            List<Integer> words = new ArrayList<>();
            List<String> told = new ArrayList<>();
            int count =
                    in.drain(
                            (_, _, _) -> {
                                words.add(parking(test, kind));
                                if (words.size() == sent / 2) {
                                    told.add(line(child));
                                }
                            },
                            sent);
            assertThat(words).as("asleep until an eighth was read").startsWith(before, before);
            assertThat(words.get(sent / 2)).as("woken by the drain").isNotEqualTo(before);
            assertThat(told).containsExactly("room");
            assertThat(count).isEqualTo(sent);
            assertThat(child.waitFor()).isZero();
            assertThat(Rings.drained(in)).containsExactly((long) sent);
        }
    }

    /** What who sleeps for room has said, in the memory. */
    private static int parking(Rings test, int kind) {
        int slots = kind == RingLayout.KIND_MPSC ? 64 : 16;
        try (FileChannel file = FileChannel.open(Path.of("/dev/shm", test.ring.name()))) {
            long at = RingLayout.cursors(slots) + RingLayout.PRODUCER_PARKING;
            return file.map(FileChannel.MapMode.READ_ONLY, at, Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(ChildJvm child) {
        try {
            return child.line();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
