// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedLatchTest {
    private final String name = Regions.name().name();

    @Test
    void shouldBeCountedDownByAllProcesses() throws Exception {
        try (SharedLatch latch = SharedLatch.create(name, 3);
                ChildJvm child = ChildJvm.start(SyncPeer.class, "latch-await", name)) {
            assertThat(child.line()).isEqualTo("ready");
            while (latch.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            try (ChildJvm other = ChildJvm.start(SyncPeer.class, "latch-points", name)) {
                while (latch.count() > 1) {
                    Thread.sleep(1);
                }
                assertThat(latch.await(Duration.ofMillis(5))).isFalse();
                latch.countDown();
                assertThat(other.waitFor()).isZero();
            }
            assertThat(child.line()).isEqualTo("zero");
            latch.await();
            latch.countDown();
            assertThat(latch.count()).isZero();
            latch.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetAllThreadsGoOn(boolean virtual) throws Exception {
        try (SharedLatch latch = SharedLatch.create(name, 8)) {
            List<Background> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(
                        Background.run(
                                virtual,
                                () -> {
                                    latch.countDown();
                                    latch.await();
                                    assertThat(latch.count()).isZero();
                                }));
            }
            for (Background each : all) {
                each.join();
            }
            latch.unlink();
        }
    }

    @Test
    void shouldRefuseANegativeCount() {
        assertThatThrownBy(() -> SharedLatch.create(name, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count=-1");
        try (SharedLatch none = SharedLatch.anonymous(0)) {
            assertThat(none.count()).isZero();
        }
    }

    @Test
    void shouldLetOthersGoOnWhereverAProcessDies() throws Exception {
        Background[] waiter = new Background[1];
        SharedLatch[] latch = new SharedLatch[1];
        int points =
                EachPoint.die(
                        SyncPeer.class,
                        point -> {
                            latch[0] = SharedLatch.create(name + point, 2);
                            waiter[0] = Background.run(latch[0]::await);
                        },
                        point -> new String[] {"latch-points", name + point},
                        point -> {
                            while (latch[0].count() > 0) {
                                latch[0].countDown();
                            }
                            waiter[0].join();
                            latch[0].unlink();
                            latch[0].close();
                        });
        assertThat(points).isGreaterThan(15);
    }
}
