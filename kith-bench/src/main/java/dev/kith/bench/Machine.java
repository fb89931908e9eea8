// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a figure is worth nothing without: where, with what and by which command it was measured.
 */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe(String benchmark, List<String> arguments) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("command", "kith-bench/run " + benchmark + " " + String.join(" ", arguments));
        facts.put(
                "commit",
                said("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"));
        facts.put("cpu", field("/proc/cpuinfo", "model name"));
        facts.put("cpus", allowedCpus().toString());
        facts.put("virtual", field("/proc/cpuinfo", "flags").contains(" hypervisor"));
        facts.put("cache", line("/sys/devices/system/cpu/cpu0/cache/index3/size"));
        facts.put("governor", line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        facts.put("memory", field("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("arch", System.getProperty("os.arch"));
        facts.put("jdk", System.getProperty("java.vendor.version") + " " + Runtime.version());
        facts.put("compiler", said("cc", "--version") + "; " + String.join(" ", Programs.COMPILER));
        return facts;
    }

    /** The CPUs that this process may use. */
    static List<Integer> allowedCpus() {
        return cpus(field("/proc/self/status", "Cpus_allowed_list"));
    }

    /** Reads {@code 0,2-3}. */
    static List<Integer> cpus(String list) {
        List<Integer> cpus = new ArrayList<>();
        try {
            for (String range : list.split(",", -1)) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                for (int cpu = first; cpu <= last; cpu++) {
                    cpus.add(cpu);
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not a list of CPUs, as 0,1 or 0-3: \"" + list + "\"", e);
        }
        return cpus;
    }

    /** The value of {@code name : value} in a file of /proc; empty if it has none. */
    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException none) {
            return "";
        }
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException none) {
            return "unknown";
        }
    }

    /** The first line that a command prints. */
    private static String said(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said.lines().findFirst().orElse("unknown") : "unknown";
        } catch (IOException none) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
