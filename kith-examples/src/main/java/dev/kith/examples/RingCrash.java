// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.ring.MpscRing;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/** A child is killed in the middle of a message; what others send is received all the same. */
public final class RingCrash {
    private RingCrash() {}

    public static void main(String[] arguments) throws Exception {
        try (var ring = MpscRing.create("kith-crash-" + ProcessHandle.current().pid(), 1 << 16);
                var out = ring.producer();
                var in = ring.consumer()) {
            var child =
                    Worker.start(() -> {
                        try (var mine = ring.producer()) {
                            mine.put("one", Codec.utf8());
                            mine.put("two", Codec.utf8());
                            mine.claim(100).segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 'x');
                            Thread.sleep(Duration.ofHours(1)); // never publishes it
                        }
                    });
            while (in.backlogBytes() < 2 * 16 + 112) {
                Thread.sleep(1);
            }
            child.kill();
            System.out.println("the child was killed in the middle of a message");
            out.put("still here", Codec.utf8());
            for (int received = 0; received < 3; ) {
                in.await();
                received +=
                        in.drain(
                                (m, at, n) ->
                                        System.out.println(Codec.utf8().decode(m.asSlice(at, n))),
                                10);
            }
            System.out.println("messages lost: " + in.lostClaims());
            ring.unlink();
        }
    }
}
