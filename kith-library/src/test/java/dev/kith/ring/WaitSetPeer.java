// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.ValueLayout;

/** The other process of the tests of wait sets: publishes when told to, or claims and stays. */
final class WaitSetPeer {
    private WaitSetPeer() {}

    /** The name of a ring of many producers, and publish or claim. */
    public static void main(String[] arguments) throws Exception {
        try (MpscRing ring = MpscRing.open(arguments[0]);
                RingProducer out = ring.producer()) {
            if (arguments[1].equals("claim")) {
                out.claim(8);
            }
            System.out.println("ready");
            for (long i = 0; System.in.read() >= 0; i++) {
                try (Claim claim = out.claim(8)) {
                    claim.ring().set(ValueLayout.JAVA_LONG, claim.offset(), i);
                    claim.publish();
                }
            }
        }
    }
}
