// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.IpcException;
import org.junit.jupiter.api.Test;

class MemoryRoomTest {
    @Test
    void shouldRefuseWhatTheMachineDoesNotHaveBeforeTheKernelEndsProcessesForIt() {
        long available = MemoryRoom.availableBytes();
        assertThat(available).isPositive();
        // Of no descriptor: were it not refused first, nothing could happen but another error.
        assertThatThrownBy(() -> MemFdOpening.reserve("x", -1, Long.MAX_VALUE, false))
                .isInstanceOf(IpcException.class)
                .hasMessageMatching(
                        "posix_fallocate\\(\"x\", 9223372036854775807\\): ENOMEM \\(.+\\); more"
                            + " than the machine or its container has: needed=9223372036854775807,"
                            + " available=\\d+ bytes; see free -b");
        assertThatThrownBy(() -> MemFdOpening.reserve("x", -1, 1, false))
                .hasMessageContaining("EBADF");
    }
}
