// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** A publication of Aeron's: messages are claimed and written in place, or offered. */
final class AeronOutlet implements Outlet {
    private final Publication out;
    private final boolean offers;
    private final IdleStrategy idle;
    private final Lanes lanes;
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[Tally.MOST_BYTES]);

    AeronOutlet(Publication out, boolean offers, IdleStrategy idle, Lanes lanes) {
        this.out = out;
        this.offers = offers;
        this.idle = idle;
        this.lanes = lanes;
    }

    @Override
    public void put(long stamp, int bytes) {
        message.putLong(0, stamp);
        if (offers) {
            if (out.offer(message, 0, bytes) < 0) {
                awaitOffer(bytes);
            }
        } else {
            if (out.tryClaim(bytes, claim) < 0) {
                awaitClaim(bytes);
            }
            claim.buffer().putBytes(claim.offset(), message, 0, bytes);
            claim.commit();
        }
    }

    private void awaitOffer(int bytes) {
        idle.reset();
        long position;
        do {
            lanes.duty();
            idle.idle();
            position = out.offer(message, 0, bytes);
        } while (isToRepeat(position));
    }

    private void awaitClaim(int bytes) {
        idle.reset();
        long position;
        do {
            lanes.duty();
            idle.idle();
            position = out.tryClaim(bytes, claim);
        } while (isToRepeat(position));
    }

    private static boolean isToRepeat(long position) {
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("the publication takes no more: " + position);
        }
        return position < 0;
    }
}
