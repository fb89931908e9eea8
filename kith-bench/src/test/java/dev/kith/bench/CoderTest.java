// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.bench.Coder.Cost;
import dev.kith.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CoderTest {
    static Stream<Arguments> codings() {
        return Coding.ALL.stream()
                .flatMap(coding ->
                        Coder.VALUES.keySet().stream().map(value -> Arguments.of(coding, value)));
    }

    @ParameterizedTest
    @MethodSource("codings")
    void shouldMeasureEveryValueInEveryCoding(Coding coding, String value) {
        Cost cost = new Coder(coding.codec(), Coder.VALUES.get(value)).cost(3_000_000);

        assertThat(cost.bytes()).isPositive();
        assertThat(cost.encode()).isPositive();
        assertThat(cost.decode()).isPositive();
        assertThat(cost.both()).isPositive();
        assertThat(Cost.parse(cost.line())).isEqualTo(cost);
    }

    @Test
    void shouldRefuseACodecThatDoesNotGiveTheValueBack() {
        Codec<Object> forgetful =
                new Codec<>() {
                    @Override
                    public long encode(Object value, MemorySegment target) {
                        return 1;
                    }

                    @Override
                    public Object decode(MemorySegment source) {
                        return "something else";
                    }
                };

        assertThatThrownBy(() -> new Coder(forgetful, "hello"))
                .hasMessage("another value was decoded than the one encoded");
    }
}
