// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** The receiving end of a ring of Agrona's. */
final class AgronaInlet implements Inlet {
    private final RingBuffer in;
    private final IdleStrategy idle;
    private final Tally tally;
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[Tally.MOST_BYTES]);
    private final MessageHandler handler = this::take;
    private boolean waits;

    AgronaInlet(RingBuffer in, IdleStrategy idle, Tally tally) {
        this.in = in;
        this.idle = idle;
        this.tally = tally;
    }

    @Override
    public int drain(int limit) {
        int count = in.read(handler, limit);
        if (count > 0 && waits) {
            waits = false;
            idle.reset();
        }
        return count;
    }

    @Override
    public void idle() {
        waits = true;
        idle.idle();
    }

    private void take(int type, MutableDirectBuffer buffer, int index, int length) {
        copy.putBytes(0, (DirectBuffer) buffer, index, length);
        tally.message(copy.getLong(0), length);
    }
}
