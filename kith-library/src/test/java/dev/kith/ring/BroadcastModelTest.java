// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BroadcastModelTest {
    @Test
    void shouldAccountForEveryNumberWhoeverDiesBetweenWhichStores() throws Exception {
        try (ChildJvm child = ChildJvm.start(BroadcastModel.class, "8000")) {
            assertThat(child.line())
                    .contains(
                            "broadcast.abandoned",
                            "broadcast.claim.passed",
                            "broadcast.claim.won",
                            "broadcast.evicted",
                            "broadcast.publish.described",
                            "broadcast.publish.published",
                            "broadcast.settled",
                            "handler",
                            "payload",
                            "subscribe.joined",
                            "subscribe.named",
                            "subscribe.placed",
                            "subscriber.handled",
                            "subscriber.told");
            assertThat(child.line()).isEqualTo("taken true lost true");
            assertThat(child.waitFor()).isZero();
        }
    }
}
