// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.concurrent.locks.LockSupport;

/** Sends until the sinks have had enough. */
final class Source {
    private final Outlet out;
    private final int index;
    private final Control control;
    private long count;

    Source(Outlet out, int index, Control control) {
        this.out = out;
        this.index = index;
        this.control = control;
    }

    /** One run; the stamps go on from the last one. */
    void run(int run, int bytes, long pauseNanos) throws InterruptedException {
        long stamps = (long) index << Tally.COUNT_BITS;
        int burst = pauseNanos > 0 ? 1 : Sink.round(bytes);
        while (!control.isOver(run)) {
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
                control.sends(index, count + 1, System.nanoTime());
            }
            for (int i = 0; i < burst; i++) {
                out.put(stamps + ++count, bytes);
            }
        }
        out.flush();
        control.done(index, count, run);
    }
}
