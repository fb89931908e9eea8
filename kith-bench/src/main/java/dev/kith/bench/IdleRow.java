// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Finding.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much of a processor two sides of Kith's rings use that wait for each other by {@link
 * dev.kith.ring.Waiter#BLOCK}: one for a message, one for room. Beside them a JVM that sleeps.
 */
record IdleRow(Field field) implements Row {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofSeconds(4);
    private static final double LIMIT_PERCENT = 0.1;
    private static final String SLEEPS = "JVM that sleeps";
    private static final String RECEIVER = "Kith BLOCK, receiver";
    private static final String SENDER = "Kith BLOCK, sender";

    @Override
    public String name() {
        return "wake";
    }

    @Override
    public List<Finding> measure() throws IOException, InterruptedException {
        List<Child> children = new ArrayList<>();
        try {
            Child receiver = start(RECEIVER, children, List.of(Idler.RECEIVER));
            String name = receiver.answer(PATIENCE);
            Child sender = start(SENDER, children, List.of(Idler.SENDER, name));
            sender.answer(PATIENCE);
            Child sleeper = start(SLEEPS, children, List.of(Idler.SLEEPER));
            sleeper.answer(PATIENCE);
            Thread.sleep(SETTLE);
            List<Child> all = List.of(sleeper, receiver, sender);
            List<Long> before = new ArrayList<>();
            long begin = System.nanoTime();
            for (Child child : all) {
                before.add(cpuNanos(child.pid()));
            }
            Thread.sleep(LOOK);
            long time = System.nanoTime() - begin;
            List<Figure> figures = new ArrayList<>();
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                double percent = 100.0 * (cpuNanos(all.get(i).pid()) - before.get(i)) / time;
                Spread spread = Spread.of(List.of(percent));
                String who = List.of(SLEEPS, RECEIVER, SENDER).get(i);
                figures.add(
                        new Figure(who, Unit.PERCENT, spread, Optional.empty(), Optional.empty()));
                if (i > 0) {
                    verdicts.add(new Verdict(who, "1 %", "CPU", spread, LIMIT_PERCENT, 0));
                }
            }
            return List.of(new Finding(name(), "CPU while idle", "same", 0, 1, figures, verdicts));
        } finally {
            children.forEach(Child::close);
        }
    }

    private Child start(String name, List<Child> children, List<String> arguments)
            throws IOException {
        Child child = Child.java(name, -1, field.flags(), Idler.class, arguments);
        children.add(child);
        return child;
    }

    /** How long all threads of a process have run: the first word of schedstat, proc(5). */
    private static long cpuNanos(long pid) throws IOException {
        long nanos = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                String line = Files.readString(thread.resolve("schedstat"));
                nanos += Long.parseLong(line.substring(0, line.indexOf(' ')));
            }
        }
        return nanos;
    }
}
