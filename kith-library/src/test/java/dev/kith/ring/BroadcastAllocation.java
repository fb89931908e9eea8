// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Measures what a message allocates that goes to a subscriber of each policy. */
final class BroadcastAllocation {
    private static long sum;

    private BroadcastAllocation() {}

    public static void main(String[] arguments) throws Exception {
        try (Broadcast broadcast = Broadcast.create(Rings.freshName(), 4096)) {
            broadcast.unlink();
            try (RingProducer out = broadcast.producer()) {
                List<Subscriber> all = new ArrayList<>();
                for (Policy policy : Policy.values()) {
                    all.add(broadcast.subscribe(policy));
                }
                run(out, all, 10_000);
                long before = RingAllocation.allocated();
                run(out, all, 100_000);
                System.out.println(RingAllocation.allocated() - before);
            }
        }
        System.out.println(sum);
    }

    private static void run(RingProducer out, List<Subscriber> all, int messages)
            throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            try (Claim claim = out.claim(64)) {
                claim.ring().set(ValueLayout.JAVA_LONG, claim.offset(), i);
                claim.publish();
            }
            if (i % 7 == 0) {
                for (int each = 0; each < all.size(); each++) {
                    all.get(each).await();
                    all.get(each)
                            .drain((ring, at, _) -> sum += ring.get(ValueLayout.JAVA_LONG, at), 9);
                }
            }
        }
    }
}
