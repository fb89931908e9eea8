// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.codec.Codec;

/** A map that another thread is changing until it is let go. */
public record HeldMap(SharedMap<Long, Long> map) implements AutoCloseable {
    public static HeldMap begin() {
        SharedMap<Long, Long> map = SharedMap.anonymous(Codec.longs(), Codec.longs(), 4, 16);
        map.robust().lockUninterruptibly(Thread.ofPlatform().unstarted(() -> {}));
        return new HeldMap(map);
    }

    public void letGo() {
        map.robust().unlock();
    }

    @Override
    public void close() {
        map.close();
    }
}
