// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** A subscription of Aeron's. */
final class AeronInlet implements Inlet {
    /** How often it looks in vain before it lets the driver and the client do their duty. */
    private static final int LOOKS = 256;

    private final Subscription in;
    private final IdleStrategy idle;
    private final Lanes lanes;
    private final Tally tally;
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[Tally.MOST_BYTES]);
    private final FragmentHandler handler;

    /** After so many bytes the driver shall tell the sender that there is room. */
    private final long dutyBytes;

    private long bytes;
    private int looks;

    AeronInlet(Subscription in, Course course, Lanes lanes, Tally tally) {
        this.in = in;
        this.idle = Idling.of(course.idle());
        this.lanes = lanes;
        this.tally = tally;
        this.handler =
                course.how() == Course.How.OFFER ? new FragmentAssembler(this::take) : this::take;
        this.dutyBytes = course.capacity() / 8;
    }

    @Override
    public int drain(int limit) {
        int count = in.poll(handler, limit);
        if (count > 0 && looks > 0) {
            looks = 0;
            idle.reset();
        }
        if (bytes >= dutyBytes) {
            bytes = 0;
            lanes.duty();
        }
        return count;
    }

    @Override
    public void idle() {
        if (++looks % LOOKS == 0) {
            lanes.duty();
        }
        idle.idle();
    }

    private void take(DirectBuffer buffer, int index, int length, Header header) {
        copy.putBytes(0, buffer, index, length);
        bytes += length;
        tally.message(copy.getLong(0), length);
    }
}
