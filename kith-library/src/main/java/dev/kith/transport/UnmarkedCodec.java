// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.codec.Codec;
import java.lang.foreign.MemorySegment;

/** Refuses a message that its receiver would take for the end. */
record UnmarkedCodec<T>(Address address, Codec<T> codec) implements Codec<T> {
    @Override
    public long encode(T value, MemorySegment target) {
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(T value, MemorySegment target, long offset, long room) {
        long length = codec.encode(value, target, offset, room);
        if (length <= room && EndMarker.isMarker(target, offset, length)) {
            throw EndMarker.refused(address);
        }
        return length;
    }

    @Override
    public T decode(MemorySegment source) {
        return codec.decode(source);
    }

    @Override
    public long fixedBytes() {
        return codec.fixedBytes();
    }
}
