// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Agrona's rings, both sides spinning; a message is claimed and written in place. */
final class AgronaEnds implements Ends {
    private static final long serialVersionUID = 1L;
    private static final int TYPE = 1;

    private final transient RingBuffer in;
    private final transient RingBuffer out;
    private final transient UnsafeBuffer message;
    private final transient MessageHandler handler = this::take;
    private long taken;

    AgronaEnds(RingBuffer in, RingBuffer out, int bytes) {
        this.in = in;
        this.out = out;
        this.message = new UnsafeBuffer(new byte[bytes]);
    }

    @Override
    public void put(long stamp) {
        message.putLong(0, stamp);
        int bytes = message.capacity();
        int index = out.tryClaim(TYPE, bytes);
        while (index < 0) {
            Thread.onSpinWait();
            index = out.tryClaim(TYPE, bytes);
        }
        out.buffer().putBytes(index, message, 0, bytes);
        out.commit(index);
    }

    @Override
    public long take() {
        while (in.read(handler, 1) == 0) {
            Thread.onSpinWait();
        }
        return taken;
    }

    private void take(int type, MutableDirectBuffer buffer, int index, int length) {
        if (length != message.capacity()) {
            throw new IllegalStateException(
                    "length=" + length + ", expected=" + message.capacity());
        }
        message.putBytes(0, (DirectBuffer) buffer, index, length);
        taken = message.getLong(0);
    }
}
