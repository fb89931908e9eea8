// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.Named;
import dev.kith.ring.Broadcast;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Policy;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Waiter;
import java.util.ArrayList;
import java.util.List;

/** Kith's rings and broadcasts. */
record KithLanes(Course course, List<String> names) implements Lanes {
    static KithLanes lay(Course course, int lanes) {
        List<String> names = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            String name = "/kith-bench-" + ProcessHandle.current().pid() + "-" + lane;
            Named made = create(course, name);
            Runtime.getRuntime().addShutdownHook(new Thread(made::unlink));
            names.add(name);
        }
        return new KithLanes(course, names);
    }

    @Override
    public Outlet outlet(int lane) {
        String name = names.get(lane);
        RingProducer producer =
                switch (course.flavour()) {
                    case ONE_TO_ONE -> SpscRing.open(name).producer(waiter());
                    case MANY_TO_ONE -> MpscRing.open(name).producer(waiter());
                    case BROADCAST -> Broadcast.open(name).producer(waiter());
                };
        return switch (course.how()) {
            case CLAIM, SHARED_CLAIM -> new KithOutlet(producer);
            case OFFER -> new KithPuts(producer);
            case BATCH -> new KithBatches(producer);
            case EDGES -> new KithEdges(producer);
        };
    }

    @Override
    public Inlet inlet(int lane, Tally tally) {
        String name = names.get(lane);
        KithHandler handler = new KithHandler(tally, course.how() == Course.How.EDGES);
        boolean spins = course.idle() == Course.Idle.SPIN;
        return switch (course.flavour()) {
            case ONE_TO_ONE ->
                    new KithInlet(SpscRing.open(name).consumer(waiter()), handler, spins);
            case MANY_TO_ONE ->
                    new KithInlet(MpscRing.open(name).consumer(waiter()), handler, spins);
            case BROADCAST ->
                    new KithSubscriber(
                            Broadcast.open(name).subscribe(Policy.BLOCK, waiter()), handler, spins);
        };
    }

    private static Named create(Course course, String name) {
        return switch (course.flavour()) {
            case ONE_TO_ONE -> SpscRing.create(name, course.capacity());
            case MANY_TO_ONE -> MpscRing.create(name, course.capacity());
            case BROADCAST -> Broadcast.create(name, course.capacity());
        };
    }

    private Waiter waiter() {
        return switch (course.idle()) {
            case SPIN -> Waiter.SPIN;
            case YIELD -> Waiter.YIELD;
            case BLOCK -> Waiter.BLOCK;
            case PARK -> Waiter.PARK;
        };
    }
}
