// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.lang.foreign.ValueLayout;

/** The other process of the pools' and blocks' tests. */
final class PoolPeer {
    private PoolPeer() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("block")) {
            try (SharedBlock block = SharedBlock.open(arguments[1])) {
                ValuePeer.say("open");
                block.segment().set(ValueLayout.JAVA_BYTE, 99, (byte) 42);
                System.in.read();
            }
            return;
        }
        try (MemoryPool pool = MemoryPool.open(arguments[1])) {
            switch (arguments[0]) {
                case "pass" -> {
                    for (long n = 0; n < Long.parseLong(arguments[2]); n++) {
                        PoolBlock block = pool.allocate();
                        block.segment().fill((byte) n);
                        ValuePeer.say("" + block.pass());
                    }
                }
                case "hold" -> {
                    PoolBlock mine = pool.allocate();
                    PoolBlock other = pool.open(Long.parseLong(arguments[2])).orElseThrow();
                    ValuePeer.say("" + mine.reference());
                    System.in.read();
                    other.close();
                }
                case "steps" -> {
                    PoolBlock first = pool.allocate();
                    PoolBlock second = pool.allocate();
                    PoolBlock again = pool.open(first.reference()).orElseThrow();
                    first.close();
                    again.close();
                    long passed = second.pass();
                    pool.take(passed).orElseThrow().close();
                    pool.allocate().pass();
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }
}
