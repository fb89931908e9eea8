// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A thread that begins and ends calls as fast as it can, while another closes: again and again, and
 * says how often the one was in a call after the other had closed.
 */
final class PresenceLoops {
    private static volatile Presence presence;

    /** Plain on purpose, as what a call uses is. */
    private static long used;

    private PresenceLoops() {}

    public static void main(String[] arguments) throws InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        presence = new Presence();
        long[] calls = new long[1];
        Thread user =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            while (true) {
                                Presence mine = presence;
                                while (mine.enter()) {
                                    used++;
                                    calls[0]++;
                                    mine.leave();
                                }
                                while (presence == mine) {
                                    Thread.onSpinWait();
                                }
                            }
                        });
        int late = 0;
        for (int round = 0; round < rounds; round++) {
            Presence mine = presence;
            for (int i = ThreadLocalRandom.current().nextInt(2000); i > 0; i--) {
                Thread.onSpinWait();
            }
            mine.close();
            long before = used;
            for (int i = 0; i < 2000; i++) {
                Thread.onSpinWait();
            }
            if (used != before || mine.isMine()) {
                late++;
            }
            presence = new Presence();
        }
        System.out.println("late " + late + " any " + (calls[0] > 0) + " alive " + user.isAlive());
    }
}
