// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** The other process of the values' tests. */
final class ValuePeer {
    private ValuePeer() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        switch (arguments[0]) {
            case "add" -> {
                try (SharedLong value = SharedLong.open(name)) {
                    say("ready");
                    for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                        value.getAndAdd(1);
                    }
                }
            }
            case "halves" -> {
                try (SharedDouble value = SharedDouble.open(name)) {
                    say("ready");
                    for (int i = 1; i <= Integer.parseInt(arguments[2]); i++) {
                        value.addAndGet(0.5);
                    }
                }
            }
            case "flag" -> {
                try (SharedBoolean value = SharedBoolean.open(name)) {
                    say("ready");
                    while (!value.compareAndSet(true, false)) {
                        Thread.onSpinWait();
                    }
                }
            }
            case "count" -> {
                try (SharedLongArray array = SharedLongArray.open(name)) {
                    say("ready");
                    for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                        array.getAndAdd(i % array.length(), 1);
                    }
                }
            }
            case "fill" -> {
                try (SharedDoubleArray array = SharedDoubleArray.open(name)) {
                    double[] all = new double[(int) array.length()];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = i / 2.0;
                    }
                    array.copyFrom(0, all, 0, all.length);
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
