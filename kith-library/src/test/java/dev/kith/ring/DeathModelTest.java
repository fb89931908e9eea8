// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DeathModelTest {
    /** Both flavours; in each run, each point that the sources name was the last of somebody. */
    @Test
    void shouldLoseNothingPublishedWhoeverDiesBetweenWhichStores() throws Exception {
        try (ChildJvm child = ChildJvm.start(DeathModel.class, "4000")) {
            assertThat(child.line().split(" "))
                    .containsExactly(
                            "drain.handled",
                            "drain.released",
                            "drain.taken",
                            "payload",
                            "spsc.abandon",
                            "spsc.flush.published",
                            "spsc.publish.ahead",
                            "spsc.publish.cleared",
                            "spsc.publish.held",
                            "spsc.publish.published",
                            "spsc.publish.wrapped");
            assertThat(child.line().split(" "))
                    .containsExactly(
                            "drain.handled",
                            "drain.released",
                            "drain.taken",
                            "drain.zeroed",
                            "gap.taken",
                            "mpsc.claim.cleared",
                            "mpsc.claim.gaveUp",
                            "mpsc.claim.noted",
                            "mpsc.claim.sized",
                            "mpsc.claim.won",
                            "mpsc.publish.cut",
                            "mpsc.publish.published",
                            "mpsc.publish.wrapped",
                            "payload");
            assertThat(child.waitFor()).isZero();
        }
    }
}
