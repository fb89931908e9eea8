// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.channel.WaitSet;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Claims that are closed unpublished, while nobody publishes and the consumer waits. */
@Timeout(60)
@LeavesNothingBehind
class GivenUpTest {
    private static final int ROUNDS = 200;

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheRoomBackWhileItWaitsForAMessage(Waiter waiter) throws Exception {
        for (int kind : new int[] {RingLayout.KIND_SPSC, RingLayout.KIND_MPSC}) {
            try (Rings test = Rings.create(kind, 256);
                    RingProducer out = test.ring.producer(waiter);
                    RingConsumer in = test.ring.consumer(waiter)) {
                Background waiting = Background.run(in::await);
                for (int i = 0; i < ROUNDS; i++) {
                    out.claim(out.maxMessageBytes()).close();
                }
                out.put(Rings.message(7, 8));
                waiting.join();
                assertThat(Rings.drained(in)).containsExactly(7L);
            }
        }
    }

    @Test
    void shouldTellAWaitSetThatThereIsRoomToGiveBack() throws Exception {
        try (Rings test = Rings.create(RingLayout.KIND_MPSC, 256);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            Background giving =
                    Background.run(() -> {
                        for (int i = 0; i < ROUNDS; i++) {
                            out.claim(out.maxMessageBytes()).close();
                        }
                        out.put(Rings.message(7, 8));
                    });
            WaitSet all = new WaitSet(in);
            List<Long> got = new ArrayList<>();
            while (got.isEmpty()) {
                assertThat(all.await()).containsExactly(in);
                got.addAll(Rings.drained(in));
            }
            giving.join();
            assertThat(got).containsExactly(7L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetNobodyWaitForASubscriberThatWaits(Waiter waiter) throws Exception {
        try (Broadcast broadcast = Broadcast.create(Rings.freshName(), 256)) {
            broadcast.unlink();
            try (RingProducer out = broadcast.producer(waiter);
                    Subscriber in = broadcast.subscribe(Policy.BLOCK, waiter)) {
                Background waiting = Background.run(in::await);
                for (int i = 0; i < ROUNDS; i++) {
                    out.claim(out.maxMessageBytes()).close();
                }
                out.put(Rings.message(7, 8));
                waiting.join();
                assertThat(in.drain((_, _, _) -> {}, 9)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldGiveTheRoomBackThoughItDoesNotWaitLong() throws Exception {
        try (Rings test = Rings.create(RingLayout.KIND_MPSC, 256);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            for (int i = 0; i < ROUNDS; i++) {
                out.claim(out.maxMessageBytes()).close();
                assertThat(in.await(Duration.ZERO)).isFalse();
            }
            for (int i = 0; i < ROUNDS; i++) {
                out.claim(out.maxMessageBytes()).close();
                assertThat(in.isEmpty()).isTrue();
            }
        }
    }
}
