// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kith.IpcException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values in the middle of a segment, as a ring has them. */
class CodecInPlaceTest {
    private static final int SIZE = 16_384;
    private static final byte OTHERS = 0x5a;

    record Point(int x, double y) {}

    @ParameterizedTest
    @MethodSource
    <T> void shouldWriteAndReadWithoutTouchingWhatIsAround(Codec<T> codec, T value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment alone = arena.allocate(SIZE);
            int length = (int) codec.encode(value, alone);
            for (long offset : new long[] {0, 8, 13}) {
                MemorySegment memory = arena.allocate(SIZE + 64).fill(OTHERS);
                assertThat(codec.encode(value, memory, offset, length)).isEqualTo(length);
                assertThat(memory.asSlice(offset, length).mismatch(alone.asSlice(0, length)))
                        .isEqualTo(-1);
                assertThat(codec.decode(memory, offset, length)).isEqualTo(value);
                for (long at = 0; at < memory.byteSize(); at++) {
                    if (at < offset || at >= offset + length) {
                        assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isEqualTo(OTHERS);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shouldWriteAndReadWithoutTouchingWhatIsAround")
    <T> void shouldKeepToTheRoomThatThereIs(Codec<T> codec, T value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SIZE).fill(OTHERS);
            int length = (int) codec.encode(value, arena.allocate(SIZE));
            assertThat(codec.encode(value, memory, 24, length - 1)).isEqualTo(length);
            for (long at = 0; at < SIZE; at++) {
                if (at < 24 || at >= 24 + length - 1) {
                    assertThat(memory.get(ValueLayout.JAVA_BYTE, at)).isEqualTo(OTHERS);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shouldWriteAndReadWithoutTouchingWhatIsAround")
    <T> void shouldNotReadMoreThanThereIs(Codec<T> codec, T value) {
        if (codec == Codec.bytes() || codec == Codec.utf8()) {
            return; // any length will do
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SIZE);
            int length = (int) codec.encode(value, memory, 8, SIZE - 8);
            assertThatThrownBy(() -> codec.decode(memory, 8, length - 1))
                    .isInstanceOf(IpcException.class);
        }
    }

    static Stream<Arguments> shouldWriteAndReadWithoutTouchingWhatIsAround() {
        return Stream.of(
                arguments(Codec.bytes(), new byte[] {1, 2, 3}),
                arguments(Codec.utf8(), "grüße"),
                arguments(Codec.longs(), 42L),
                arguments(Codec.doubles(), 2.5),
                arguments(Codec.struct(Point.class), new Point(1, 2)),
                arguments(Codec.objects(), List.of(1, "two", 3.0, "x".repeat(10_000))),
                arguments(Codec.objects(), new long[1000]));
    }
}
