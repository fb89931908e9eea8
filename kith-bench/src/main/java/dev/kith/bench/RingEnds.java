// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.Claim;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingHandler;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Waiter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Kith's rings, both sides spinning; a message is claimed and written in place. */
final class RingEnds implements Ends {
    private static final long serialVersionUID = 1L;

    private final SpscRing inRing;
    private final SpscRing outRing;
    private final int bytes;
    private transient RingConsumer in;
    private transient RingProducer out;
    private transient MemorySegment message;
    private transient RingHandler handler;
    private transient long taken;

    RingEnds(SpscRing in, SpscRing out, int bytes) {
        this.inRing = in;
        this.outRing = out;
        this.bytes = bytes;
    }

    @Override
    public void put(long stamp) throws InterruptedException {
        if (message == null) {
            attach();
        }
        message.set(ValueLayout.JAVA_LONG, 0, stamp);
        try (Claim claim = out.claim(bytes)) {
            MemorySegment.copy(message, 0, claim.ring(), claim.offset(), bytes);
            claim.publish();
        }
    }

    @Override
    public long take() {
        if (message == null) {
            attach();
        }
        while (in.drain(handler, 1) == 0) {
            Thread.onSpinWait();
        }
        return taken;
    }

    private void attach() {
        message = Arena.global().allocate(bytes, 8);
        in = inRing.consumer(Waiter.SPIN);
        out = outRing.producer(Waiter.SPIN);
        handler =
                (records, offset, length) -> {
                    if (length != bytes) {
                        throw new IllegalStateException("length=" + length);
                    }
                    MemorySegment.copy(records, offset, message, 0, length);
                    taken = message.get(ValueLayout.JAVA_LONG, 0);
                };
    }
}
