// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void shouldTellAValueFromAFlag() {
        Options options = options("--size", "64", "--quick");

        assertThat(options.number("--size", 8, 1, 100)).isEqualTo(64);
        assertThat(options.has("--quick")).isTrue();
        assertThat(options.text("--via", "pipe")).isEqualTo("pipe");
    }

    @Test
    void shouldSayWhatIsKnownAndWhatIsAllowed() {
        assertThatThrownBy(() -> options("--loud"))
                .hasMessage("--loud: no such option: known are --size --via --quick");
        assertThatThrownBy(() -> options("--size")).hasMessage("--size: its value is missing");
        assertThatThrownBy(() -> options("--size", "9k").number("--size", 8, 1, 100))
                .hasMessage("--size 9k: not a whole number from 1 to 100");
        assertThatThrownBy(() -> options("--size", "96").powerOfTwo("--size", 64, 8))
                .hasMessage("--size 96: not a power of two");
        assertThatThrownBy(() -> Mechanism.named("pipe,pigeon"))
                .hasMessageContaining("no mechanism pigeon");
        assertThatThrownBy(() -> Placement.named("cross", List.of(3)))
                .hasMessageContaining("needs two CPUs");
    }

    @Test
    void shouldReadAListOfCpus() {
        assertThat(Machine.cpus("0,2-4")).containsExactly(0, 2, 3, 4);
        assertThatThrownBy(() -> Machine.cpus("0-")).hasMessageContaining("\"0-\"");
    }

    @Test
    void shouldWriteRecordsAsJson() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"quoted\"\n\u0001 line");
        map.put("spread", new Spread(1.5, 1, 2, 3));
        map.put("nothing", Optional.empty());
        map.put("time", Duration.ofMillis(250));
        map.put("list", List.of(1, true, List.of()));

        assertThat(Json.of(map).replaceAll("\n *", ""))
                .isEqualTo(
                        "{\"text\": \"a \\\"quoted\\\"\\n\\u0001 line\",\"spread\": {\"median\":"
                                + " 1.5,\"least\": 1.0,\"most\": 2.0,\"count\": 3},\"nothing\":"
                                + " null,\"time\": 250,\"list\": [1,true,[]]}");
    }

    private static Options options(String... arguments) {
        return new Options(List.of(arguments), List.of("--size", "--via"), List.of("--quick"));
    }
}
