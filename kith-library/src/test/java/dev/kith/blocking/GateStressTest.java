// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.Closed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a gate keeps its word while threads come and go: nobody is inside once it is closed. */
@Timeout(120)
class GateStressTest {
    private static final int GATES = 20_000;

    /** A gate, and what is given back when it is closed. */
    private static final class Handle {
        final Gate gate = new Gate("handle");
        volatile boolean givenBack;
    }

    private volatile Handle current = new Handle();
    private volatile boolean over;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetNobodyBeInsideWhenItIsClosed(boolean virtual) throws Exception {
        // light() becomes cheaper in the middle of it: all three combinations of old and new occur.
        int threads = 3;
        CountDownLatch ended = new CountDownLatch(threads);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            boolean blocking = i == 0 && !virtual;
            Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            callers.add(
                    builder.start(() -> {
                        while (!over) {
                            call(blocking);
                        }
                        ended.countDown();
                    }));
        }
        for (int i = 0; i < GATES; i++) {
            if (i == GATES / 2) {
                Barrier.cheapen();
            }
            long before = calls.get();
            while (i % 16 == 0 && calls.get() == before) {
                Thread.onSpinWait();
            }
            Handle old = current;
            if (i % 4 == 0) {
                current = new Handle();
            }
            assertThat(old.gate.close()).isTrue();
            old.givenBack = true;
            assertThat(old.gate.close()).isFalse();
            if (i % 4 != 0) {
                current = new Handle();
            }
        }
        over = true;
        ended.await();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(calls.get()).isGreaterThan(GATES / 16);
        assertThat(wrong.get()).isZero();
    }

    private void call(boolean blocking) {
        Handle handle = current;
        try {
            if (blocking) {
                try (Blocked call = handle.gate.block(Deadline.FOREVER)) {
                    look(handle);
                    call.goOn();
                    look(handle);
                }
            } else {
                Blocked call = handle.gate.in();
                try {
                    look(handle);
                    look(handle);
                } finally {
                    handle.gate.out(call);
                }
            }
        } catch (Closed expected) {
            Thread.onSpinWait();
        } catch (InterruptedException e) {
            wrong.incrementAndGet();
        }
        calls.incrementAndGet();
    }

    private void look(Handle handle) {
        if (handle.givenBack) {
            wrong.incrementAndGet();
        }
    }
}
