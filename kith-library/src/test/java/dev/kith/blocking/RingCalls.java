// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.codec.Codec;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Claim;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Policy;
import dev.kith.ring.Ring;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingProducer;
import dev.kith.ring.RingReceiver;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Subscriber;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;

/** Ends of rings that wait for a message, and for room. One thread has an end at a time. */
final class RingCalls {
    private static final int CAPACITY = 256;

    private RingCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(RingReceiver.class, () -> new RingEnds<>(() -> receiving(mpsc())))
                        .call("await()", ends -> ends.with(RingConsumer::await))
                        .timed("await(Duration)", (ends, time) -> ends.ask(in -> in.await(time)))
                        .letGo(ends -> ends.let())
                        .close(RingEnds::closeEnds),
                Waiting.in(RingProducer.class, () -> new RingEnds<>(() -> sending(spsc())))
                        .call("claim(int)", ends -> ends.with(out -> publish(out.claim(8))))
                        .call("put(MemorySegment)", ends -> ends.with(out -> out.put(message())))
                        .call(
                                "put(Object, Codec)",
                                ends -> ends.with(out -> out.put(1L, Codec.longs())))
                        .timed(
                                "tryClaim(int, Duration)",
                                (ends, time) -> ends.ask(out -> publish(out.tryClaim(8, time))))
                        .timed(
                                "offer(MemorySegment, Duration)",
                                (ends, time) -> ends.ask(out -> out.offer(message(), time)))
                        .timed(
                                "offer(Object, Codec, Duration)",
                                (ends, time) -> ends.ask(out -> out.offer("a", Codec.utf8(), time)))
                        .letGo(ends -> ends.let())
                        .close(RingEnds::closeEnds),
                Waiting.in(RingReceiver.class, () -> new RingEnds<>(RingCalls::subscribed))
                        .call("await()", ends -> ends.with(Subscriber::await))
                        .timed("await(Duration)", (ends, time) -> ends.ask(in -> in.await(time)))
                        .letGo(ends -> ends.let())
                        .close(RingEnds::closeEnds));
    }

    private static RingEnds.Made<RingConsumer> receiving(Ring ring) {
        RingConsumer in = ring.consumer();
        RingProducer out = ring.producer();
        return new RingEnds.Made<>(in, () -> out.put(message()), in::close, ring::close);
    }

    private static RingEnds.Made<RingProducer> sending(Ring ring) {
        RingProducer out = ring.producer();
        RingConsumer in = ring.consumer();
        for (Claim claim = out.tryClaim(8); claim.isOpen(); claim = out.tryClaim(8)) {
            claim.publish();
        }
        return new RingEnds.Made<>(
                out, () -> in.drain((_, _, _) -> {}, 8), out::close, ring::close);
    }

    private static RingEnds.Made<Subscriber> subscribed() {
        Broadcast broadcast = Broadcast.create(name(), CAPACITY);
        broadcast.unlink();
        Subscriber in = broadcast.subscribe(Policy.BLOCK);
        RingProducer out = broadcast.producer();
        return new RingEnds.Made<>(in, () -> out.put(message()), in::close, broadcast::close);
    }

    private static SpscRing spsc() {
        SpscRing ring = SpscRing.create(name(), CAPACITY);
        ring.unlink();
        return ring;
    }

    private static MpscRing mpsc() {
        MpscRing ring = MpscRing.create(name(), CAPACITY);
        ring.unlink();
        return ring;
    }

    private static boolean publish(Claim claim) {
        if (claim.isOpen()) {
            claim.publish();
            return true;
        }
        return false;
    }

    private static MemorySegment message() {
        return MemorySegment.ofArray(new byte[8]);
    }

    private static String name() {
        return "kith-calls-" + UUID.randomUUID();
    }
}
