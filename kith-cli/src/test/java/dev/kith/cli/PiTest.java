// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.cli.pi.Pi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class PiTest {
    private static final Pattern ROW =
            Pattern.compile(
                    "\\{\"mechanism\":\"(.+)\",\"pi\":\"(.+)\",\"wallMillis\":([0-9.]+),\"transportMillis\":([0-9.]+),"
                        + "\"bytes\":(\\d+),\"leftBehind\":\\[\\],\"workers\":\\[(\\d+),(\\d+)\\]\\},?");

    @Test
    void shouldComputeTheSameOverEveryMechanismAndLeaveNothing() throws IOException {
        Set<String> before = leftovers();

        Kith.Result result = Kith.run("pi", "--terms", "1000", "--workers", "2", "--json");

        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        List<String> mechanisms = new ArrayList<>();
        for (String line : result.out().lines().filter(each -> each.startsWith("{")).toList()) {
            Matcher row = ROW.matcher(line);
            assertThat(row.matches()).as(line).isTrue();
            mechanisms.add(row.group(1));
            assertThat(row.group(2)).as(line).isEqualTo("3.1412743276");
            assertThat(Double.parseDouble(row.group(4)))
                    .as(line)
                    .isPositive()
                    .isLessThanOrEqualTo(Double.parseDouble(row.group(3)));
            assertThat(Long.parseLong(row.group(5)))
                    .as(line)
                    .isGreaterThanOrEqualTo(2 * Double.BYTES);
        }
        assertThat(mechanisms).isEqualTo(Pi.names());
        assertThat(leftovers()).isEqualTo(before);
    }

    @Test
    void shouldRunOnlyTheMechanismsAskedForInThatOrder() {
        Kith.Result result = Kith.run("pi", "--via", "unix,file", "--workers", "3", "--terms", "5");

        assertThat(result.out().lines().map(line -> line.split(" +")[0]))
                .containsExactly("MECHANISM", "unix", "file");
        assertThat(result.out().lines().skip(1))
                .allSatisfy(
                        line -> assertThat(line).contains(" 3.07748592639 ").endsWith(" nothing"));
    }

    @Test
    void shouldEndItsChildrenAndRemoveEverythingWhenInterrupted()
            throws IOException, InterruptedException {
        Set<String> before = leftovers();
        try (Kith pi =
                Kith.start("pi", "--via", "shm+sem", "--workers", "2", "--terms", "200000000000")) {
            await(() -> !leftovers().equals(before) && children(pi.pid()).size() == 2);
            List<Long> children = children(pi.pid());
            // The folder is made before the children, the memory after them.
            await(() ->
                    leftovers().stream().anyMatch(file -> file.startsWith("/dev/shm/kith-pi-")));
            pi.signal("INT");
            Kith.Result result = pi.end();

            assertThat(result).isEqualTo(new Kith.Result(130, "", ""));
            await(() -> children.stream().noneMatch(child -> ProcessHandle.of(child).isPresent()));
            assertThat(leftovers()).isEqualTo(before);
        }
    }

    @Test
    void shouldRemoveEverythingWhenInterruptedWhileTheChildrenStart() throws InterruptedException {
        Set<String> before = leftovers();
        try (Kith pi = Kith.start("pi", "--workers", "4")) {
            await(() -> !leftovers().equals(before));
            pi.signal("INT");
            Kith.Result result = pi.end();

            assertThat(result.status()).isEqualTo(130);
            assertThat(leftovers()).isEqualTo(before);
        }
    }

    @Test
    void shouldSayWhichChildDiedAndGoOnWithAnother() throws InterruptedException {
        try (Kith pi =
                Kith.start("pi", "--via", "sysvmq", "--workers", "2", "--terms", "200000000000")) {
            await(() -> children(pi.pid()).size() == 2);
            long child = children(pi.pid()).getFirst();
            await(() -> busy(child));
            ProcessHandle.of(child).orElseThrow().destroyForcibly();
            Kith.Result result = pi.end();

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("kith: sysvmq: ")
                    .contains(String.valueOf(child))
                    .hasLineCount(1);
        }
    }

    /** Files that pi may have made. */
    private static Set<String> leftovers() {
        return Stream.of("/dev/shm", System.getProperty("java.io.tmpdir"))
                .flatMap(directory -> files(Path.of(directory)))
                .map(Path::toString)
                .filter(file -> file.contains("kith-pi-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Whether it has computed for a while: its start takes less. */
    private static boolean busy(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .filter(cpu -> cpu.toMillis() > 3000)
                .isPresent();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            Thread.sleep(20);
        }
    }
}
