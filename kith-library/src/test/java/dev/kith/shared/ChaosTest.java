// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that use shared objects together are killed at random; those who live go on. */
@LeavesNothingBehind
@Timeout(150)
class ChaosTest {
    private static final int KILLS = Integer.getInteger("kith.chaos.kills", 10);
    private static final int TOGETHER = 3;

    @TempDir private Path directory;

    @Test
    void shouldGoOnWhoeverIsKilled() throws Exception {
        String name = Regions.name().name();
        Random random = new Random(Long.getLong("kith.chaos.seed", 7));
        ChaosPeer here = new ChaosPeer(name, directory);
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int killed = 0; killed < KILLS; killed++) {
                while (children.size() < TOGETHER) {
                    children.add(ChildJvm.start(ChaosPeer.class, name, directory.toString()));
                }
                ChildJvm next = children.get(random.nextInt(children.size()));
                assertThat(next.line()).as("after %d kills", killed).isEqualTo("ready");
                for (int i = random.nextInt(20); i >= 0; i--) {
                    here.write();
                    here.read();
                    here.acquire();
                    here.turn();
                }
                next.signal("KILL");
                assertThat(next.line()).as("what a child says, but ready").isNull();
                children.remove(next);
            }
            for (ChildJvm each : children) {
                each.kill();
            }
            here.check();
        } finally {
            for (ChildJvm each : children) {
                each.kill();
            }
            here.unlink();
        }
    }
}
