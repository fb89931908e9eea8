// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two JVMs with Kith between them.
 *
 * @param of {@link Ping#CHANNELS} or {@link Ping#HANDLES}
 * @param flags for both JVMs
 */
record KithJvms(String of, List<String> flags) implements Party {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return of.equals(Ping.HANDLES) ? "handle" : "Kith";
    }

    @Override
    public boolean takesPartIn(Cell cell) {
        return of.equals(Ping.HANDLES)
                ? HandleWire.knows(cell.mechanism())
                : cell.mechanism().transport().isPresent();
    }

    @Override
    public Pair start(Cell cell) throws IOException, InterruptedException {
        Children children = new Children(cell, flags, new ArrayList<>());
        try {
            Child ping = children.add(cell.placement().ping(), Ping.class, arguments(cell));
            List<String> told = List.of(ping.answer(PATIENCE).split("\t"));
            if (told.getFirst().equals(Wire.WORKER)) {
                Placement.pin(told.getLast(), cell.placement().pong());
            } else {
                children.add(cell.placement().pong(), Pong.class, ends(cell, told))
                        .answer("ready", PATIENCE);
            }
            ping.order("connect");
            ping.answer("ready", PATIENCE);
            return children;
        } catch (IOException | InterruptedException | RuntimeException e) {
            children.close();
            throw e;
        }
    }

    /** Of {@link Pong}. */
    private List<String> ends(Cell cell, List<String> told) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(cell.bytes())));
        arguments.addAll(told.subList(1, told.size()));
        return arguments;
    }

    /** Of {@link Ping}. */
    private List<String> arguments(Cell cell) {
        List<String> arguments = new ArrayList<>();
        arguments.add(of);
        arguments.add(cell.mechanism().name());
        arguments.add(Integer.toString(cell.bytes()));
        arguments.addAll(flags);
        return arguments;
    }

    /** The first of them measures. */
    private record Children(Cell cell, List<String> flags, List<Child> all) implements Pair {
        Child add(int cpu, Class<?> main, List<String> arguments) throws IOException {
            Child child =
                    Child.java(main.getSimpleName() + " " + cell, cpu, flags, main, arguments);
            all.add(child);
            return child;
        }

        @Override
        public void warmUp(Cell same, Duration time) throws IOException, InterruptedException {
            sample(same, time);
        }

        @Override
        public Sample sample(Cell same, Duration time) throws IOException, InterruptedException {
            String order = cell.mode() == Cell.Mode.STREAM ? "stream " : "run ";
            all.getFirst().order(order + time.toMillis());
            return Sample.parse(all.getFirst().answer(time.plus(PATIENCE)));
        }

        @Override
        public void close() {
            for (Child child : all.reversed()) {
                child.close();
            }
        }
    }
}
