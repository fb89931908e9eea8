// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * JVMs that send and receive over {@link Lanes}: two for round trips, one for each sender and each
 * receiver of a stream. Two are pinned to the CPUs of the cell; more than two run where the kernel
 * lets them.
 *
 * @param name what the report calls it
 * @param sources how many send
 * @param sinks how many receive
 * @param bytes of its messages; 0: what the cell says
 * @param pauseMicros before each message of a stream
 * @param flags for the JVMs beside those of the library
 */
record JvmParty(
        String name,
        Course course,
        int sources,
        int sinks,
        int bytes,
        int pauseMicros,
        List<String> flags)
        implements Party {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One sender, one receiver. */
    JvmParty(String name, Course course, List<String> flags) {
        this(name, course, 1, 1, 0, 0, flags);
    }

    /** What every program that uses Kith is told to have, and more. */
    static List<String> withNativeAccess(List<String> flags) {
        List<String> all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        all.addAll(flags);
        return all;
    }

    JvmParty between(int sources, int sinks) {
        return new JvmParty(name, course, sources, sinks, bytes, pauseMicros, flags);
    }

    JvmParty ofBytes(int bytes) {
        return new JvmParty(name, course, sources, sinks, bytes, pauseMicros, flags);
    }

    JvmParty everyMicros(int pauseMicros) {
        return new JvmParty(name, course, sources, sinks, bytes, pauseMicros, flags);
    }

    @Override
    public boolean takesPartIn(Cell cell) {
        return cell.mechanism().name().equals("shm");
    }

    @Override
    public Pair start(Cell cell) throws IOException, InterruptedException {
        boolean streams = cell.mode() == Cell.Mode.STREAM;
        Sides sides = new Sides(this, cell);
        try {
            Child first = sides.add(streams ? Side.SINK : Side.PING, 0, List.of());
            List<String> names = List.of(first.answer(PATIENCE).split("\t"));
            for (int sink = 1; sink < sinks && streams; sink++) {
                sides.add(Side.SINK, sink, names);
            }
            for (int source = 0; source < sources; source++) {
                sides.add(streams ? Side.SOURCE : Side.PONG, source, names);
            }
            sides.ready();
            return sides;
        } catch (IOException | InterruptedException | RuntimeException e) {
            sides.close();
            throw e;
        }
    }

    /** The processes: the sinks, or who pings, first. */
    private static final class Sides implements Pair {
        private final JvmParty party;
        private final Cell cell;
        private final List<Child> sinks = new ArrayList<>();
        private final List<Child> sources = new ArrayList<>();
        private int run;

        Sides(JvmParty party, Cell cell) {
            this.party = party;
            this.cell = cell;
        }

        Child add(String role, int index, List<String> names) throws IOException {
            boolean receives = role.equals(Side.SINK) || role.equals(Side.PING);
            int cpu = receives ? cell.placement().ping() : cell.placement().pong();
            List<String> flags = new ArrayList<>(party.course.flags());
            flags.addAll(party.flags);
            Child child =
                    Child.bare(
                            party.name + " " + role + " " + cell,
                            party.sources + party.sinks > 2 ? -1 : cpu,
                            flags,
                            Side.class,
                            Side.arguments(party.course, role, index, party.sources, names));
            (receives ? sinks : sources).add(child);
            return child;
        }

        void ready() throws IOException, InterruptedException {
            for (Child source : sources) {
                source.answer(Side.READY, PATIENCE);
            }
            for (Child sink : sinks) {
                sink.answer(Side.READY, PATIENCE);
            }
        }

        @Override
        public void warmUp(Cell same, Duration time) throws IOException, InterruptedException {
            sample(same, time, 0);
            if (party.pauseMicros > 0) {
                sample(same, time);
            }
        }

        @Override
        public Sample sample(Cell same, Duration time) throws IOException, InterruptedException {
            return sample(same, time, party.pauseMicros);
        }

        /** With pauses nothing would ever be compiled: so nobody warms up with them alone. */
        private Sample sample(Cell same, Duration time, int pauseMicros)
                throws IOException, InterruptedException {
            int bytes = party.bytes == 0 ? same.bytes() : party.bytes;
            String order =
                    String.format("run %d %d %d %d", ++run, time.toMillis(), bytes, pauseMicros);
            sinks.forEach(sink -> sink.order(order));
            sources.forEach(source -> source.order(order));
            Sample slowest = Sample.parse(sinks.getFirst().answer(time.plus(PATIENCE)));
            for (Child sink : sinks.subList(1, sinks.size())) {
                Sample sample = Sample.parse(sink.answer(PATIENCE));
                slowest = sample.mean() > slowest.mean() ? sample : slowest;
            }
            for (Child source : sources) {
                source.answer(Side.SENT, PATIENCE);
            }
            return slowest;
        }

        @Override
        public void close() {
            sources.forEach(Child::close);
            sinks.forEach(Child::close);
        }
    }
}
