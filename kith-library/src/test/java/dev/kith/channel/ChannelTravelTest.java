// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.codec.Codec;
import dev.kith.test.Trial;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel inside a value of Codec.objects(). */
@Timeout(60)
class ChannelTravelTest {
    @Test
    void shouldTravelInsideAValueByItsAddress() throws Exception {
        Transport queues =
                ServiceLoader.load(Transport.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(transport -> transport.scheme().equals("mq"))
                        .findFirst()
                        .orElseThrow();
        Codec<Map<String, Object>> objects = Codec.objects();
        try (Trial<String> trial = Trial.of(queues, Codec.utf8())) {
            MemorySegment segment = MemorySegment.ofArray(new byte[4096]);
            long length =
                    objects.encode(
                            Map.of("to", trial.sender, "at", trial.address, "as", objects),
                            segment);

            Map<String, Object> arrived = objects.decode(segment.asSlice(0, length));

            assertThat(arrived).containsEntry("at", trial.address).containsEntry("as", objects);
            try (Channel<?> sender = (Channel<?>) arrived.get("to")) {
                send(sender, "hello");
                assertThat(trial.receiver.receive()).isEqualTo("hello");
            }
        }
    }

    @SuppressWarnings("unchecked") // it has the codec of the one that was sent
    private static void send(Channel<?> sender, String text) throws InterruptedException {
        ((Channel<String>) sender).send(text);
    }
}
