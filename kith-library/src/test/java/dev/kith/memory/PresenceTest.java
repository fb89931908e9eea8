// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PresenceTest {
    @Test
    void shouldFindNobodyInsideAfterTheCloseWithNativeAccess() throws Exception {
        try (ChildJvm child = ChildJvm.start(PresenceLoops.class, "20000")) {
            assertThat(child.line()).isEqualTo("late 0 any true alive true");
        }
    }

    @Test
    void shouldFindNobodyInsideAfterTheCloseWithoutNativeAccess() throws Exception {
        try (ChildJvm child = ChildJvm.bare(PresenceLoops.class, "5000")) {
            assertThat(child.line()).isEqualTo("late 0 any true alive true");
        }
    }
}
