// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Receives until the time is up, then what is still on its way. A time of its samples is that of
 * {@link #round} messages, as in stream() of ping.h; the mean is of the whole.
 */
final class Sink {
    private static final int LIMIT = 256;
    private static final int MOST_TIMES = 1 << 20;

    private final Inlet in;
    private final Tally tally;
    private final Control control;
    private final int sources;
    private final int[] times = new int[MOST_TIMES];

    Sink(Inlet in, Tally tally, Control control, int sources) {
        this.in = in;
        this.tally = tally;
        this.control = control;
        this.sources = sources;
        Arrays.fill(times, 1); // touched now, not while the clock runs
    }

    /** How many messages make one time. */
    static int round(int bytes) {
        return bytes <= 8192 ? 1000 : Math.max(1, 8_000_000 / bytes);
    }

    Sample run(int run, long nanos, int bytes) throws InterruptedException {
        int round = round(bytes);
        await(run, bytes);
        long begin = System.nanoTime();
        long first = tally.count();
        long last = begin;
        long counted = first;
        int count = 0;
        while (last - begin < nanos && count < MOST_TIMES && (count == 0 || !control.isOver(run))) {
            while (tally.count() - counted < round && await(run, bytes)) {
                // more are wanted
            }
            long messages = tally.count() - counted;
            if (messages < round && count > 0) {
                break; // another sink has had enough
            }
            long now = System.nanoTime();
            times[count++] =
                    (int) Math.min((now - last) * round / Math.max(1, messages), Integer.MAX_VALUE);
            counted += messages;
            last = now;
        }
        control.stop(run);
        receiveTheRest(run);
        return Sample.of(times, count, bytes)
                .withMean((double) (last - begin) * round / Math.max(1, counted - first));
    }

    /**
     * Of one sender that makes pauses: from before a message was sent until it has been read. One
     * tenth of the time goes by before anything counts, as in ping.h.
     */
    Sample wait(int run, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        long now = begin;
        int count = 0;
        while (count == 0 || now - begin < nanos && count < MOST_TIMES) {
            boolean came = in.drain(1) > 0;
            now = System.nanoTime();
            if (came && now - begin >= nanos / 10) {
                OptionalLong sent = control.sentAt(0, tally.count());
                if (sent.isPresent()) {
                    times[count++] = (int) Math.min(now - sent.getAsLong(), Integer.MAX_VALUE);
                }
            } else if (!came) {
                in.idle();
            }
        }
        control.stop(run);
        receiveTheRest(run);
        return Sample.of(times, count, tally.length());
    }

    private void receiveTheRest(int run) throws InterruptedException {
        long sent = control.sent(sources, run);
        while (sent < 0 || tally.count() < sent) {
            if (in.drain(LIMIT) == 0) {
                in.idle();
            }
            sent = control.sent(sources, run);
        }
    }

    /** Takes a few messages, waiting for them; false if the run is over and there are none. */
    private boolean await(int run, int bytes) throws InterruptedException {
        while (in.drain(LIMIT) == 0) {
            if (control.isOver(run)) {
                return false;
            }
            in.idle();
        }
        if (tally.length() != bytes) {
            throw new IllegalStateException("length=" + tally.length() + ", expected=" + bytes);
        }
        return true;
    }
}
