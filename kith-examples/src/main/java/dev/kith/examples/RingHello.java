// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.ring.Claim;
import dev.kith.ring.SpscRing;
import java.lang.foreign.ValueLayout;

/** A child writes numbers into shared memory; they are added up where they are. */
public final class RingHello {
    private static final long NUMBERS = 1_000_000;

    private RingHello() {}

    public static void main(String[] arguments) throws Exception {
        try (var ring = SpscRing.create("kith-hello-" + ProcessHandle.current().pid(), 1 << 16);
                var _ =
                        Worker.start(() -> {
                            try (var out = ring.producer()) {
                                for (long i = 1; i <= NUMBERS; i++) {
                                    Claim claim = out.claim(Long.BYTES);
                                    claim.segment().set(ValueLayout.JAVA_LONG, 0, i);
                                    claim.publish();
                                }
                            }
                        });
                var in = ring.consumer()) {
            long[] sum = new long[1];
            for (long taken = 0; taken < NUMBERS; ) {
                in.await();
                taken += in.drain((m, at, n) -> sum[0] += m.get(ValueLayout.JAVA_LONG, at), 1000);
            }
            System.out.println(sum[0]);
            ring.unlink();
        }
    }
}
