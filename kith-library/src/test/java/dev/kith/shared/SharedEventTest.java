// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedEventTest {
    private final String name = Regions.name().name();
    private final SharedEvent event = SharedEvent.create(name);

    @AfterEach
    void remove() {
        event.unlink();
        event.close();
    }

    @Test
    void shouldBeSetForAllProcesses() throws Exception {
        assertThat(event.isSet()).isFalse();
        try (ChildJvm one = ChildJvm.start(SyncPeer.class, "event-await", name);
                ChildJvm two = ChildJvm.start(SyncPeer.class, "event-await", name)) {
            assertThat(one.line()).isEqualTo("ready");
            assertThat(two.line()).isEqualTo("ready");
            while (event.waiters().size() < 2) {
                Thread.sleep(1);
            }
            assertThat(event.waiters())
                    .extracting(each -> each.peer().pid())
                    .containsExactlyInAnyOrder(one.pid(), two.pid());
            assertThat(event.waiters()).extracting(LockWaiter::threadName).containsOnly("main");
            event.set();
            assertThat(one.line()).isEqualTo("set");
            assertThat(two.line()).isEqualTo("set");
        }
        assertThat(event.isSet()).isTrue();
        event.await();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetGoWhoWaitedEvenIfItIsClearedAtOnce(boolean virtual) throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Background> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(Background.run(virtual, event::await));
            }
            while (event.waiters().size() < 5) {
                Thread.sleep(1);
            }
            event.set();
            event.clear();
            for (Background each : all) {
                each.join();
            }
        }
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(Duration.ofMillis(5))).isFalse();
    }

    @Test
    void shouldNotWaitForWhoWasKilledWhileHeWaited() throws Exception {
        try (ChildJvm dead = ChildJvm.start(SyncPeer.class, "event-await", name)) {
            assertThat(dead.line()).isEqualTo("ready");
            while (event.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            dead.kill();
        }
        event.set();
        event.clear();
        Background living = Background.run(event::await);
        while (event.waiters().stream()
                .noneMatch(each -> each.peer().pid() == ProcessHandle.current().pid())) {
            Thread.sleep(1);
        }
        event.set();
        living.join();
        assertThat(event.waiters()).isEmpty();
    }

    @Test
    void shouldLetOthersGoOnWhereverAProcessDies() throws Exception {
        Background[] waiter = new Background[1];
        int points =
                EachPoint.die(
                        SyncPeer.class,
                        _ -> {
                            event.clear();
                            waiter[0] = Background.run(event::await);
                        },
                        _ -> new String[] {"event-points", name},
                        _ -> {
                            if (!event.isSet()) {
                                event.set();
                            }
                            waiter[0].join();
                        });
        assertThat(points).isGreaterThan(15);
    }
}
