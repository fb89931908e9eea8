// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RingAllocationTest {
    /** What is left are a few bytes of the JVM's own, not of a message: there are 100,000. */
    @Test
    void shouldAllocateNothingPerMessage() throws Exception {
        try (ChildJvm child = ChildJvm.start(RingAllocation.class)) {
            assertThat(Long.parseLong(child.line())).as("SPSC").isLessThan(10_000);
            assertThat(Long.parseLong(child.line())).as("MPSC").isLessThan(10_000);
            child.line();
            assertThat(child.waitFor()).isZero();
        }
    }

    @Test
    void shouldAllocateNothingPerMessageOfABroadcast() throws Exception {
        try (ChildJvm child = ChildJvm.start(BroadcastAllocation.class)) {
            assertThat(Long.parseLong(child.line())).isLessThan(10_000);
            child.line();
            assertThat(child.waitFor()).isZero();
        }
    }
}
