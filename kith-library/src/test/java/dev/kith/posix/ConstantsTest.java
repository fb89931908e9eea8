// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.IpcException;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that C has in limits.h and unistd.h, and the modes of what is made when missing. */
@LeavesNothingBehind
class ConstantsTest {
    @Test
    void shouldAgreeWithTheCompiler(@TempDir Path folder) throws Exception {
        CProgram program =
                CProgram.compile(
                        folder,
                        """
                        #include <limits.h>
                        #include <stdio.h>
                        #include <unistd.h>
                        int main(void) {
                            printf("%ld %ld %ld %d", sysconf(_SC_MQ_PRIO_MAX) - 1,
                                    sysconf(_SC_SEM_VALUE_MAX), sysconf(_SC_PAGESIZE), PIPE_BUF);
                        }
                        """);
        assertThat(program.run())
                .isEqualTo(
                        "%d %d %d %d",
                        MessageQueue.HIGHEST_PRIORITY,
                        Semaphore.HIGHEST_VALUE,
                        SharedMemory.pageBytes(),
                        PipeWriter.ATOMIC_BYTES);
    }

    @Test
    void shouldMakeWhatIsMissingWithTheModeAskedFor() {
        String name = ObjectName.made();
        try (MessageQueue queue = MessageQueue.openOrCreate(name, 2, 64, 0620);
                MessageQueue again = MessageQueue.openOrCreate(name, 4, 64, 0600);
                SharedMemory memory = SharedMemory.openOrCreate(name, 64, 0640);
                SharedMemory sameMemory = SharedMemory.openOrCreate(name, 128, 0600)) {
            queue.unlink();
            memory.unlink();
            assertThat(queue.status().mode()).isEqualTo(0620);
            assertThat(again.status()).isEqualTo(queue.status());
            assertThat(again.capacity()).isEqualTo(2);
            assertThat(memory.status().mode()).isEqualTo(0640);
            assertThat(sameMemory.sizeBytes()).isEqualTo(64);
        }
    }

    @Test
    void shouldReleaseUpToTheHighestValue() throws Exception {
        String name = ObjectName.made();
        try (Semaphore semaphore = Semaphore.openOrCreate(name, Semaphore.HIGHEST_VALUE, 0660);
                Semaphore same = Semaphore.openOrCreate(name, 1, 0600)) {
            semaphore.unlink();
            assertThat(same.value()).isEqualTo(Semaphore.HIGHEST_VALUE);
            assertThatThrownBy(same::release)
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith("it was released more often than acquired");
        }
    }
}
