// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Policy;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingHandler;
import dev.kith.ring.Subscriber;
import java.time.Duration;

/** What a channel receives from: the consumer of a ring, or a subscriber of a broadcast. */
sealed interface Intake extends Waitable {
    /** Takes what is there; how many messages. */
    int drain(RingHandler handler, int limit);

    /** Waits until there is something; false if there was nothing in time, or by wakeup. */
    boolean await(Duration timeout) throws InterruptedException;

    /** Makes who waits look again. */
    void wakeup();

    /** Whether the mark that ends the stream is among what was lost, and nothing came after it. */
    boolean hasLostTheEnd();

    /** The stream has ended: nobody shall wait for this end any more. */
    void ended();

    /** Lets go. */
    void close();

    static Intake of(RingConsumer consumer) {
        return new Consuming(consumer);
    }

    static Intake of(Broadcast broadcast, Subscriber subscriber) {
        return new Subscribed(broadcast, subscriber);
    }

    /** The one end of a ring that receives. */
    record Consuming(RingConsumer in) implements Intake {
        @Override
        public int drain(RingHandler handler, int limit) {
            return in.drain(handler, limit);
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            return in.await(timeout);
        }

        @Override
        public void wakeup() {
            in.wakeup();
        }

        @Override
        public void close() {
            in.close();
        }

        @Override
        public boolean hasLostTheEnd() {
            return false;
        }

        /** Stays: it is the only one, and another would begin with what comes after the mark. */
        @Override
        public void ended() {}

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public Registration whenReady(Runnable wake) {
            return in.whenReady(wake);
        }
    }

    /** One of many ends of a broadcast that receive. */
    final class Subscribed implements Intake {
        private final Broadcast broadcast;
        private final Subscriber in;

        /** How much was lost when it was last looked for the end among that. */
        private long lostBefore;

        private boolean lostTheEnd;

        Subscribed(Broadcast broadcast, Subscriber in) {
            this.broadcast = broadcast;
            this.in = in;
        }

        @Override
        public int drain(RingHandler handler, int limit) {
            return in.drain(handler, limit);
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            return in.await(timeout);
        }

        @Override
        public void wakeup() {
            in.wakeup();
        }

        @Override
        public void close() {
            in.close();
        }

        /** Who loses the newest loses the mark, too, if it has no room when that comes. */
        @Override
        public synchronized boolean hasLostTheEnd() {
            long lost = in.lost();
            if (!lostTheEnd && lost != lostBefore && in.policy() == Policy.DROP_NEWEST) {
                lostBefore = lost;
                try (Subscriber last = broadcast.subscribe(Policy.LATEST)) {
                    last.drain(
                            (memory, at, length) ->
                                    lostTheEnd = EndMarker.isMarker(memory.asSlice(at, length)),
                            1);
                }
            }
            return lostTheEnd;
        }

        /** The other policies let nobody wait, and what they have lost is to be seen further on. */
        @Override
        public void ended() {
            if (in.policy() == Policy.BLOCK) {
                in.close();
            }
        }

        @Override
        public boolean isReady() {
            return in.isReady() || hasLostTheEnd();
        }

        @Override
        public Registration whenReady(Runnable wake) {
            return in.whenReady(wake);
        }
    }
}
