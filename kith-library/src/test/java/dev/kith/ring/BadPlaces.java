// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.nio.file.Path;

/** Tries to make and to open rings where there can be none, and says what it is told. */
final class BadPlaces {
    private BadPlaces() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        for (String name : new String[] {"a/b", "..", "", "x".repeat(300)}) {
            tell(() -> MpscRing.create(name, 4096));
            tell(() -> Broadcast.openOrCreate(name, 4096));
            tell(() -> SpscRing.open(name));
        }
        for (String name : new String[] {"link", "there", "folder", "none/ring"}) {
            tell(() -> MpscRing.create(folder.resolve(name), 4096));
            tell(() -> SpscRing.open(folder.resolve(name)));
            tell(() -> Broadcast.openOrCreate(folder.resolve(name), 4096));
        }
    }

    private static void tell(Runnable call) {
        try {
            call.run();
            System.out.println("done");
        } catch (RuntimeException refused) {
            System.out.println(refused.getClass().getSimpleName() + " " + refused.getMessage());
        }
    }
}
