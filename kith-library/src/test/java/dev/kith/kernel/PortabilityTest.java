// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.kernel.PortabilityTable.Row;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table against compilers, and this package against the table. */
class PortabilityTest {
    /** Access to a struct at a number instead of a constant that the table has. */
    private static final Pattern NAKED =
            Pattern.compile(
                    "[gs]et\\(\\s*(ValueLayout\\.)?(JAVA_(INT|LONG|SHORT)|ADDRESS)\\w*, [1-9]\\d*");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldHaveTheValuesOfTheCompiler(Abi abi) throws Exception {
        List<Row> rows = rows(Row::isCompiled);
        Map<String, String> found = abi.compile(folder, rows);
        Map<String, String> expected = values(rows, abi);
        rows.stream()
                .filter(row -> row.isRecent(abi) && !found.containsKey(row.label()))
                .forEach(row -> expected.remove(row.label()));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveTheValuesThatOnlyAProgramKnows(Abi abi) throws Exception {
        assumeTrue(abi.runsHere(), "a program of " + abi + " cannot be made here to run");
        List<Row> rows = rows(Row::isRun);
        assertThat(abi.run(folder, rows)).containsExactlyInAnyOrderEntriesOf(values(rows, abi));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKnowWhichFunctionsTheLibraryHas(Abi abi) throws Exception {
        Map<Boolean, Set<String>> functions =
                rows(Row::isFunction).stream()
                        .collect(
                                Collectors.partitioningBy(
                                        row -> row.value(abi).equals("yes"),
                                        Collectors.mapping(
                                                row -> row.expression().replace("()", ""),
                                                Collectors.toCollection(TreeSet::new))));
        Set<String> all = new TreeSet<>(functions.get(true));
        all.addAll(functions.get(false));
        assertThat(abi.missing(folder, all))
                .containsExactlyInAnyOrderElementsOf(functions.get(false));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeWhatOurClassesUse(Abi abi) throws Exception {
        Map<String, String> ours = KernelFields.on(abi);
        List<Row> rows = rows(Row::isOfField);
        Set<String> known = rows.stream().map(Row::field).collect(Collectors.toSet());
        assertThat(ours.keySet().stream().filter(each -> !known.contains(each)))
                .as("constants of dev.kith.kernel without a row in portability.tsv")
                .isEmpty();
        assertThat(known.stream().filter(each -> !ours.containsKey(each)))
                .as("rows of portability.tsv for constants that there are not")
                .isEmpty();
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            if (!ours.get(row.field()).equals(row.value(abi))) {
                wrong.add(row.label() + ": " + row.value(abi) + ", not " + ours.get(row.field()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldHaveARowForEveryFunctionThatIsLinked() throws Exception {
        Set<String> rows =
                rows(Row::isFunction).stream()
                        .map(row -> row.field() + " " + row.expression())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).isEqualTo(LinkedFunctions.names());
    }

    @Test
    void shouldNotBeGoneAroundByNakedOffsets() throws Exception {
        List<String> naked = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/kith"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                NAKED.matcher(COMMENT.matcher(Files.readString(file)).replaceAll(""))
                        .results()
                        .forEach(found -> naked.add(file.getFileName() + ": " + found.group()));
            }
        }
        assertThat(naked).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameErrorsAsTheLibraryDoes(Abi abi) throws Exception {
        List<Row> rows =
                IntStream.rangeClosed(1, 133)
                        .filter(errno -> !ErrnoTexts.symbol(errno).contains(" "))
                        .mapToObj(errno ->
                                new Row(
                                        "errno",
                                        ErrnoTexts.symbol(errno),
                                        "errno.h",
                                        Collections.nCopies(3, "" + errno)))
                        .toList();
        assertThat(rows).hasSizeGreaterThan(120);
        assertThat(abi.compile(folder, rows)).containsExactlyInAnyOrderEntriesOf(values(rows, abi));
    }

    @Test
    void shouldFindTheAbiOfThisMachine() throws Exception {
        assertThat(Arch.KNOWN).isTrue();
        assertThat(Arch.AARCH64).isEqualTo(System.getProperty("os.arch").equals("aarch64"));
        // A musl that is merely installed, by the package of its compiler, is not the one in use.
        assertThat(Arch.musl()).isEqualTo(Linkage.address("gnu_get_libc_version").address() == 0);
    }

    @Test
    void shouldNotCallWhereItsNumbersAreOthers() throws Exception {
        Method getuid = KernelFields.on("riscv64-glibc", Unistd.class).getMethod("getuid");
        assertThatThrownBy(() -> getuid.invoke(null))
                .rootCause()
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageStartingWith("getuid(): Kith knows the system calls of Linux on amd64");
    }

    private static List<Row> rows(Predicate<Row> which) throws Exception {
        return PortabilityTable.rows().stream().filter(which).toList();
    }

    private static Map<String, String> values(List<Row> rows, Abi abi) {
        return new TreeMap<>(
                rows.stream()
                        .collect(Collectors.toMap(Row::label, row -> row.value(abi), (a, b) -> a)));
    }
}
