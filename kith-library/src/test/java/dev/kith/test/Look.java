// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What there was before, to be compared with what there is after. */
final class Look {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_MILLIS = 10;

    private final Set<Leftover> kinds;
    private final TemporaryFiles files;
    private final Set<Trace> before;

    private Look(Set<Leftover> kinds) {
        this.kinds = kinds;
        this.files = TemporaryFiles.now();
        this.before = traces();
    }

    static Look before(Set<Leftover> kinds) {
        if (kinds.contains(Leftover.DESCRIPTOR)) {
            Services.start();
        }
        return new Look(kinds);
    }

    /** Fails if there is more than before, and it stays, and it is not somebody else's. */
    void check(String who) throws InterruptedException {
        long start = System.nanoTime();
        for (long pause = FIRST_PAUSE_MILLIS; ; pause *= 2) {
            Set<Trace> left = more();
            boolean last = System.nanoTime() - start > GRACE.toNanos();
            if (last || pause > FIRST_PAUSE_MILLIS * 4) {
                // Asked late: it means a look at every process.
                left.removeIf(new Users()::areOthers);
            }
            if (left.isEmpty()) {
                return;
            }
            if (last) {
                throw new AssertionError(
                        left.stream()
                                .map(trace -> "  " + trace)
                                .sorted()
                                .collect(Collectors.joining("\n", who + " left behind:\n", "")));
            }
            // What was told to end takes a moment; what another build uses is in use briefly.
            Thread.sleep(pause);
        }
    }

    private Set<Trace> more() {
        Set<Trace> now = traces();
        now.removeAll(before);
        return now;
    }

    private Set<Trace> traces() {
        Set<Trace> traces = new LinkedHashSet<>();
        for (Leftover kind : kinds) {
            traces.addAll(
                    switch (kind) {
                        case MEMORY -> IpcTraces.memories();
                        case QUEUE -> IpcTraces.queues();
                        case SYSTEM_V -> IpcTraces.systemV();
                        case FILE -> files.socketsAndFifos();
                        case NAME -> ProcessTraces.names();
                        case DESCRIPTOR -> ProcessTraces.descriptors();
                        case PROCESS -> ProcessTraces.children();
                        case THREAD -> ProcessTraces.threads();
                    });
        }
        return traces;
    }
}
