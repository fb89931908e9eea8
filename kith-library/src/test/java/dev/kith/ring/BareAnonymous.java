// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Denied;

/** A program that was started without a flag: says why it has no memory without a name. */
final class BareAnonymous {
    private BareAnonymous() {}

    public static void main(String[] arguments) {
        for (Runnable each :
                new Runnable[] {
                    () -> SpscRing.anonymous(1024),
                    () -> MpscRing.anonymous(1024),
                    () -> Broadcast.anonymous(1024)
                }) {
            try {
                each.run();
            } catch (Denied denied) {
                System.out.println(denied.getMessage());
            }
        }
    }
}
