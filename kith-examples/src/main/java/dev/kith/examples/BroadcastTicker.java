// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Claim;
import dev.kith.ring.Policy;
import dev.kith.ring.Subscriber;
import java.lang.foreign.ValueLayout;

/** A child ticks; one subscriber keeps up, one is slow and loses, one joins late. */
public final class BroadcastTicker {
    private static final long TICKS = 100_000;

    private BroadcastTicker() {}

    public static void main(String[] arguments) throws Exception {
        try (var ticks = Broadcast.create("kith-ticker-" + ProcessHandle.current().pid(), 1 << 16);
                var fast = ticks.subscribe(Policy.BLOCK);
                var slow = ticks.subscribe(Policy.DROP_OLDEST);
                var _ =
                        Worker.start(() -> {
                            try (var out = ticks.producer()) {
                                for (long tick = 1; tick <= TICKS; tick++) {
                                    Claim claim = out.claim(Long.BYTES);
                                    claim.segment().set(ValueLayout.JAVA_LONG, 0, tick);
                                    claim.publish();
                                }
                            }
                        })) {
            long last = 0;
            while (last < TICKS) {
                fast.await();
                last = last(fast);
            }
            System.out.println("fast: last " + last + ", lost " + fast.lost());
            last = last(slow); // for the first time
            System.out.println("slow: last " + last + ", lost some: " + (slow.lost() > 0));
            try (var late = ticks.subscribe(Policy.LATEST)) {
                System.out.println("late: last " + last(late) + ", lost " + late.lost());
            }
            ticks.unlink();
        }
    }

    /** Takes all that is there; the last of it. */
    private static long last(Subscriber in) {
        long[] last = new long[1];
        in.drain((m, at, _) -> last[0] = m.get(ValueLayout.JAVA_LONG, at), Integer.MAX_VALUE);
        return last[0];
    }
}
