// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8CodecTest {
    private final MemorySegment segment = MemorySegment.ofArray(new byte[128]);

    @Test
    void shouldWriteWhatTheStandardSays() {
        for (String text :
                new String[] {"", "hello", "é", "汉字", "a\0b", "\uD83D\uDE00", "\uFFFD"}) {
            long length = Codec.utf8().encode(text, segment);

            MemorySegment written = segment.asSlice(0, length);
            assertThat(written.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(Codec.utf8().decode(written)).isEqualTo(text);
        }
    }

    @Test
    void shouldSayHowMuchRoomItNeedsAndWriteNothingBeyond() {
        assertThat(Codec.utf8().encode("汉字", MemorySegment.ofArray(new byte[5]))).isEqualTo(6);
    }

    @Test
    void shouldRefuseASurrogateWithoutItsOtherHalf() {
        String[] texts = {
            "ab\uD83D",
            "\uDE00",
            "\uD83D\uD83D\uDE00",
            "\uD83Dx",
            "a".repeat(100) + "\uD83D",
            "?".repeat(99) + "\uDE00"
        };
        for (String text : texts) {
            assertThatThrownBy(() -> Codec.utf8().encode(text, segment))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("surrogate without its other half");
        }
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        byte[][] wrong = {
            {(byte) 0xFF},
            {'a', (byte) 0xC3},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xC0, (byte) 0x80}
        };
        for (byte[] bytes : wrong) {
            assertThatThrownBy(() -> Codec.utf8().decode(MemorySegment.ofArray(bytes)))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("not UTF-8")
                    .hasMessageContaining("Codec.bytes()");
        }
    }
}
