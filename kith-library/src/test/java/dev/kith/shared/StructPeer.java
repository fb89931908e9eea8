// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.codec.Length;
import java.util.Arrays;

/** The other process of the structs' tests. */
final class StructPeer {
    private static final int MIDDLE = 20;

    private StructPeer() {}

    /** Whole if all of it says the same number. */
    record Wide(long first, @Length(MIDDLE) int[] middle, @Length(24) String text, long last) {
        static Wide of(long number) {
            int[] middle = new int[MIDDLE];
            Arrays.fill(middle, (int) number);
            return new Wide(number, middle, "number " + number, number);
        }

        /** The number; throws if it is torn. */
        long number() {
            for (int each : middle) {
                if (each != (int) first) {
                    throw new AssertionError("torn: " + first + ", " + each);
                }
            }
            if (first != last || !text.equals("number " + first)) {
                throw new AssertionError("torn: " + first + ", " + text + ", " + last);
            }
            return first;
        }

        Wide next() {
            return of(number() + 1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (SharedStruct<Wide> struct = SharedStruct.open(arguments[1], Wide.class)) {
            switch (arguments[0]) {
                case "set" -> {
                    ValuePeer.say("ready");
                    for (long n = 1; n <= Long.parseLong(arguments[2]); n++) {
                        struct.set(Wide.of(n));
                    }
                }
                case "update" -> {
                    ValuePeer.say("ready");
                    for (long n = 1; n <= Long.parseLong(arguments[2]); n++) {
                        struct.updateAndGet(Wide::next);
                    }
                }
                case "read" -> {
                    ValuePeer.say("ready");
                    for (long seen = 0; seen < Long.parseLong(arguments[2]); ) {
                        seen = struct.get().number();
                    }
                }
                case "hold" ->
                        struct.updateAndGet(now -> {
                            ValuePeer.say("held");
                            return sleep(now);
                        });
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private static Wide sleep(Wide now) {
        try {
            Thread.sleep(100_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return now;
    }
}
