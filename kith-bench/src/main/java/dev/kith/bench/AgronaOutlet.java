// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Claims room in a ring of Agrona's and copies the message into it. */
final class AgronaOutlet implements Outlet {
    private static final int TYPE = 1;

    private final RingBuffer out;
    private final IdleStrategy idle;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[Tally.MOST_BYTES]);

    AgronaOutlet(RingBuffer out, IdleStrategy idle) {
        this.out = out;
        this.idle = idle;
    }

    @Override
    public void put(long stamp, int bytes) {
        message.putLong(0, stamp);
        int index = out.tryClaim(TYPE, bytes);
        if (index < 0) {
            index = await(bytes);
        }
        out.buffer().putBytes(index, message, 0, bytes);
        out.commit(index);
    }

    private int await(int bytes) {
        idle.reset();
        int index;
        do {
            idle.idle();
            index = out.tryClaim(TYPE, bytes);
        } while (index < 0);
        return index;
    }
}
