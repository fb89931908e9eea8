// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import dev.kith.cli.pi.Pi;
import dev.kith.cli.pi.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code kith pi}. */
final class PiCommand implements Command {
    private static final Option VIA =
            Option.value("--via", "NAME[,…]|all", "which mechanisms (all)");
    private static final Option TERMS =
            Option.value("--terms", "N", "how many terms of the series (10000000)");
    private static final Option WORKERS =
            Option.value("--workers", "N", "how many child processes (10)");
    private static final int MOST_WORKERS = 1000;

    @Override
    public Usage usage() {
        return Usage.of("pi", "", 0, 0, "compute pi by child processes over every mechanism")
                .options(VIA, TERMS, WORKERS, Option.JSON)
                .examples("kith pi", "kith pi --via pipe,mq,shm+sem --workers 4 --json")
                .details(
                        """
                        pi = sqrt(8 · Σ 1/(2k+1)²): each child sums its share of the terms and delivers the sum over the
                        mechanism, the parent adds them up; where state is shared, the children add under a lock.
                        Transport is the part of the time in which no child was computing.\
                        """);
    }

    @Override
    public int run(Arguments arguments, Output out) throws Exception {
        Set<String> via = via(arguments.text(VIA));
        long terms = arguments.number(TERMS, 10_000_000, 1);
        long workers = arguments.number(WORKERS, 10, 1);
        if (workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    WORKERS.name() + " " + workers + ": at most " + MOST_WORKERS);
        }
        List<Result> results = new ArrayList<>();
        int status = 0;
        Pi pi = new Pi(terms);
        try (AtExit.Undo _ = AtExit.run(pi::close)) {
            out.progress("starting " + workers + " child processes");
            pi.start((int) workers);
            for (String name : via) {
                out.progress(
                        "pi via " + name + " (" + (results.size() + 1) + " of " + via.size() + ")");
                try {
                    results.add(pi.run(name));
                } catch (IpcException | UnsupportedOperationException failed) {
                    if (AtExit.hasBegun()) {
                        throw failed;
                    }
                    out.progress("");
                    out.note(out.errorPrefix() + name + ": " + failed.getMessage());
                    status = 1;
                }
            }
            out.progress("");
        }
        print(results, arguments.has(Option.JSON), out);
        return status;
    }

    private static Set<String> via(Optional<String> given) {
        List<String> known = Pi.names();
        if (given.isEmpty() || given.get().equals("all")) {
            return new LinkedHashSet<>(known);
        }
        Set<String> via = new LinkedHashSet<>(List.of(given.get().split(",", -1)));
        for (String name : via) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        VIA.name() + " " + name + ": known are all " + String.join(" ", known));
            }
        }
        return via;
    }

    private static void print(List<Result> results, boolean json, Output out) {
        List<Object> array = new ArrayList<>();
        Table table = new Table("MECHANISM", "PI", "WALL", "TRANSPORT", "BYTES", "LEFT BEHIND");
        for (Result result : results) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("mechanism", result.mechanism());
            object.put("pi", result.pi());
            object.put("wallMillis", millis(result.wallNanos()));
            object.put("transportMillis", millis(result.transportNanos()));
            object.put("bytes", result.bytes());
            object.put("leftBehind", result.leftBehind());
            object.put("workers", result.workers());
            array.add(object);
            table.row(
                    result.mechanism(),
                    result.pi(),
                    String.format(Locale.ROOT, "%.1f ms", millis(result.wallNanos())),
                    String.format(Locale.ROOT, "%.1f ms", millis(result.transportNanos())),
                    Long.toString(result.bytes()),
                    result.leftBehind().isEmpty()
                            ? "nothing"
                            : String.join(" ", result.leftBehind()));
        }
        out.line(json ? Json.lines(array) : table.toString().stripTrailing());
    }

    /** To the microsecond. */
    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
