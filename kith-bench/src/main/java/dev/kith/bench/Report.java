// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a benchmark found and gives it to people, as a table, and to programs, as JSON. */
final class Report {
    private final Map<String, Object> all = new LinkedHashMap<>();
    private final Options options;
    private final Noise noise;

    /** Begins: takes down where we are, and listens for noise. */
    Report(String benchmark, List<String> arguments, Options options) throws InterruptedException {
        this.options = options;
        all.put("benchmark", benchmark);
        all.put("machine", Machine.describe(benchmark, arguments));
        noise = new Noise();
    }

    Noise noise() {
        return noise;
    }

    void put(String name, Object value) {
        all.put(name, value);
    }

    /** Prints and writes it: data to standard output, remarks to standard error. */
    void finish(String table, List<String> warnings, Map<String, String> failed)
            throws IOException {
        all.put("warnings", warnings);
        String json = Json.of(all);
        System.out.print(options.has("--json") ? json : table);
        if (options.has("--report")) {
            Files.writeString(Path.of(options.text("--report", "")), json);
        }
        warnings.forEach(warning -> System.err.println("warning: " + warning));
        failed.forEach((what, why) -> System.err.println("failed: " + what + ": " + why));
    }
}
