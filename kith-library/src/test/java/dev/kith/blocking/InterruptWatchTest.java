// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.Errno.EINTR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.kernel.Poll;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who hears of interrupts: the watch at first, the hook in calls that last. */
@Timeout(60)
class InterruptWatchTest {
    private final Gate gate = new Gate("gate");

    @Test
    void shouldDisturbACallThatLastsOnceAndThenLeaveIt() throws Exception {
        inNewThread(() -> {
            try (Blocked call = gate.block(Deadline.FOREVER)) {
                assertThat(sleep(30_000)).isEqualTo(-EINTR);
                assertThat(call.goOn()).isTrue();
                assertThat(sleep(200)).isZero();
            }
            // The calls after it renew the hook by themselves.
            try (Blocked call = gate.block(Deadline.FOREVER)) {
                assertThat(sleep(200)).isZero();
            }
        });
    }

    @Test
    void shouldNotDisturbACallOfWhichOthersNotice() throws Exception {
        inNewThread(() -> {
            try (Blocked call = gate.blockUndisturbed(Deadline.FOREVER)) {
                assertThat(sleep(200)).isZero();
            }
        });
    }

    @Test
    void shouldHearOfAnInterruptAlsoWhereJavaNioHasTakenTheHookAway() throws Exception {
        inNewThread(() -> {
            try (Blocked call = gate.block(Deadline.FOREVER);
                    Selector selector = Selector.open()) {
                // begin() and end() of a selector leave no hook in the thread
                selector.select(1);
                Thread me = Thread.currentThread();
                Thread.ofPlatform().start(me::interrupt);
                int slept = sleep(30_000);
                while (slept == -EINTR && !me.isInterrupted()) {
                    slept = sleep(30_000);
                }
                assertThat(slept).isEqualTo(-EINTR);
                assertThatThrownBy(call::goOn).isInstanceOf(InterruptedException.class);
            }
        });
    }

    private static int sleep(int millis) {
        return Poll.poll(MemorySegment.NULL, 0, millis);
    }

    private interface Body {
        void run() throws Exception;
    }

    private static void inNewThread(Body body) throws Exception {
        Throwable[] failed = new Throwable[1];
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                body.run();
                            } catch (Throwable thrown) {
                                failed[0] = thrown;
                            }
                        });
        thread.join();
        if (failed[0] != null) {
            throw new AssertionError(failed[0]);
        }
    }
}
