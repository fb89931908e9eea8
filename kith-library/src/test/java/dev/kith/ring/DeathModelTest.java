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
            assertThat(child.line()).contains("spsc.publish.published", "drain.released");
            assertThat(child.line()).contains("mpsc.publish.published", "gap.taken");
            assertThat(child.waitFor()).isZero();
        }
    }
}
