// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EndMarkerTest {
    private static final byte[] MARKER =
            HexFormat.of().parseHex("4b495448a92f1de6730cb855d8e94f1b");

    @Test
    void shouldAlwaysBeTheSameSixteenBytes() {
        byte[] written = new byte[EndMarker.BYTES];
        EndMarker.write(MemorySegment.ofArray(written));
        assertThat(written).isEqualTo(MARKER).startsWith("KITH".getBytes());
    }

    @Test
    void shouldBeNothingElse() {
        assertThat(EndMarker.isMarker(MemorySegment.ofArray(MARKER))).isTrue();
        byte[] longer = java.util.Arrays.copyOf(MARKER, 17);
        assertThat(EndMarker.isMarker(MemorySegment.ofArray(longer))).isFalse();
        assertThat(EndMarker.isMarker(MemorySegment.ofArray(longer).asSlice(0, 16))).isTrue();
        assertThat(EndMarker.isMarker(MemorySegment.ofArray(new byte[0]))).isFalse();
        byte[] other = MARKER.clone();
        other[15] ^= 1;
        assertThat(EndMarker.isMarker(MemorySegment.ofArray(other))).isFalse();
    }
}
