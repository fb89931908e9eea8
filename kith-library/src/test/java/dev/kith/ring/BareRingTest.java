// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BareRingTest {
    /** A side with native access and one without: messages and wakes in both directions. */
    @Test
    void shouldTalkToAProgramThatWasStartedWithoutAFlag() throws Exception {
        try (Rings to = Rings.create(RingLayout.KIND_SPSC, 1024);
                Rings from = Rings.create(RingLayout.KIND_MPSC, 1024);
                RingProducer out = to.ring.producer(Waiter.BLOCK);
                RingConsumer in = from.ring.consumer(Waiter.BLOCK)) {
            Process bare =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-cp",
                                    ChildJvm.classPath(),
                                    BareRing.class.getName(),
                                    to.ring.name(),
                                    from.ring.name())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try {
                for (long i = 0; i < 100; i++) {
                    out.put(Rings.message(i, 40));
                    in.await();
                    assertThat(Rings.drained(in)).containsExactly(i + 1);
                }
                byte[] said = bare.getErrorStream().readAllBytes();
                assertThat(new String(said, StandardCharsets.UTF_8)).isEmpty();
                assertThat(bare.waitFor()).isZero();
            } finally {
                bare.destroyForcibly();
            }
        }
    }
}
