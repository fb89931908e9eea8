// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of a JVM that sends or receives over {@link Lanes}. The first of a party makes
 * {@link Control} and lanes and says their names, the others open them; all answer {@code ready},
 * then orders:
 *
 * <ul>
 *   <li>ping: {@code run RUN MILLIS BYTES PAUSE}, with a {@link Sample} of round trips
 *   <li>pong: likewise, with {@code sent} when that is over; it sends everything back
 *   <li>sink: likewise, with a {@link Sample} of what it received; or where senders make a pause,
 *       in microseconds, before each message, of the times until each was read
 *   <li>source: likewise, with {@code sent} when the sinks have had enough
 * </ul>
 *
 * <p>Between two runs nobody spins: other parties are measured then.
 */
final class Side {
    static final String PING = "ping";
    static final String PONG = "pong";
    static final String SINK = "sink";
    static final String SOURCE = "source";

    /** What it says when it is connected. */
    static final String READY = "ready";

    /** What it says when it has sent all that it will in a run. */
    static final String SENT = "sent";

    private static final int FORTH = 0;
    private static final int BACK = 1;

    private final Course course;
    private final String role;
    private final int index;
    private final int sources;
    private final List<String> names;
    private final Control control;
    private final Tally tally = new Tally();

    private Side(List<String> arguments) throws IOException {
        course = Course.parse(arguments);
        role = arguments.get(5);
        index = Integer.parseInt(arguments.get(6));
        sources = Integer.parseInt(arguments.get(7));
        names = arguments.subList(8, arguments.size());
        control = names.isEmpty() ? Control.lay() : Control.open(names.getFirst());
    }

    public static void main(String[] args) {
        Orders.serve(orders -> new Side(List.of(args)).serve(orders));
    }

    /**
     * The arguments of a side.
     *
     * @param names that the first one said; none for that one itself
     */
    static List<String> arguments(
            Course course, String role, int index, int sources, List<String> names) {
        List<String> arguments = new ArrayList<>(course.arguments());
        arguments.addAll(List.of(role, Integer.toString(index), Integer.toString(sources)));
        arguments.addAll(names);
        return arguments;
    }

    private void serve(Orders orders) throws Exception {
        Lanes lanes;
        if (names.isEmpty()) {
            lanes = Lanes.lay(course, role.equals(PING) ? 2 : 1);
            System.out.println(control.name() + "\t" + String.join("\t", lanes.names()));
        } else {
            lanes = Lanes.open(course, names.subList(1, names.size()));
        }
        switch (role) {
            case PING -> ping(orders, lanes);
            case PONG -> pong(orders, lanes);
            case SINK -> receive(orders, lanes);
            case SOURCE -> send(orders, lanes);
            default -> throw new IllegalArgumentException("no role " + role);
        }
    }

    private void ping(Orders orders, Lanes lanes) throws InterruptedException {
        LaneEnds ends = new LaneEnds(lanes.inlet(BACK, tally), lanes.outlet(FORTH), tally);
        Ping ping = new Ping(ends);
        ready(lanes);
        for (; ; ) {
            String[] order = next(orders, lanes);
            int bytes = Integer.parseInt(order[3]);
            ends.bytes(bytes);
            Sample sample = ping.run(nanos(order[2]), bytes);
            control.stop(Integer.parseInt(order[1]));
            System.out.println(sample.line());
        }
    }

    private void pong(Orders orders, Lanes lanes) throws InterruptedException {
        Inlet in = lanes.inlet(FORTH, tally);
        Outlet out = lanes.outlet(BACK);
        ready(lanes);
        for (; ; ) {
            echo(Integer.parseInt(next(orders, lanes)[1]), in, out);
            System.out.println(SENT);
        }
    }

    private void echo(int run, Inlet in, Outlet out) throws InterruptedException {
        while (!control.isOver(run)) {
            if (in.drain(1) == 0) {
                in.idle();
            } else {
                out.put(tally.stamp(), tally.length());
            }
        }
    }

    private void receive(Orders orders, Lanes lanes) throws InterruptedException {
        Sink sink = new Sink(lanes.inlet(FORTH, tally), tally, control, sources);
        ready(lanes);
        for (; ; ) {
            String[] order = next(orders, lanes);
            int run = Integer.parseInt(order[1]);
            int bytes = Integer.parseInt(order[3]);
            long nanos = nanos(order[2]);
            Sample sample =
                    order[4].equals("0") ? sink.run(run, nanos, bytes) : sink.wait(run, nanos);
            System.out.println(sample.line());
        }
    }

    private void send(Orders orders, Lanes lanes) throws InterruptedException {
        Source source = new Source(lanes.outlet(FORTH), index, control);
        ready(lanes);
        for (; ; ) {
            String[] order = next(orders, lanes);
            int bytes = Integer.parseInt(order[3]);
            source.run(Integer.parseInt(order[1]), bytes, Long.parseLong(order[4]) * 1000);
            System.out.println(SENT);
        }
    }

    private void ready(Lanes lanes) throws InterruptedException {
        lanes.connect(role.equals(PING) || role.equals(PONG) ? 1 : sources);
        System.out.println(READY);
    }

    /** Waits for an order; what has to be done now and then goes on. */
    private static String[] next(Orders orders, Lanes lanes) throws InterruptedException {
        while (!orders.has()) {
            lanes.duty();
            Thread.sleep(10);
        }
        return orders.next().split(" ");
    }

    private static long nanos(String millis) {
        return Long.parseLong(millis) * 1_000_000;
    }
}
