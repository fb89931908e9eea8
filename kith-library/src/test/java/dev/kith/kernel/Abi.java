// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.kernel.PortabilityTable.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The columns of the table, with the compiler of each. */
enum Abi {
    X86_64_GLIBC("amd64-glibc", "x86_64-linux-gnu-gcc"),
    AARCH64_GLIBC("aarch64-glibc", "aarch64-linux-gnu-gcc"),
    // musl has no headers of the kernel's: those come after its own.
    X86_64_MUSL(
            "amd64-musl",
            "musl-gcc",
            "-static",
            "-idirafter",
            "/usr/include",
            "-idirafter",
            "/usr/include/x86_64-linux-gnu");

    private static final String MARK = "KITH-VALUES-HERE";

    /** What Arch is told to give the values of this one. */
    final String property;

    private final List<String> compiler;

    Abi(String property, String... compiler) {
        this.property = property;
        this.compiler = List.of(compiler);
    }

    /** Whether this machine runs programs of it. */
    boolean runsHere() {
        return property.startsWith(System.getProperty("os.arch") + "-");
    }

    /**
     * What the compiler makes of expressions, without running anything: it puts the numbers into an
     * object file, behind a mark. Those that its headers are too old for are left out.
     */
    Map<String, String> compile(Path folder, Collection<Row> rows)
            throws IOException, InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        // The headers of the kernel and of the C library define the same structs.
        for (boolean kernel : List.of(false, true)) {
            List<Row> some = rows.stream().filter(row -> row.isOfKernelHeader() == kernel).toList();
            if (!some.isEmpty()) {
                values.putAll(compileTogether(folder, some));
            }
        }
        return values;
    }

    private Map<String, String> compileTogether(Path folder, List<Row> rows)
            throws IOException, InterruptedException {
        String absent = Long.toString(Long.MIN_VALUE + 1);
        String source =
                includes(rows)
                        + "const struct { char mark[16]; long long values[%d]; } kith = { \"%s\", {\n"
                                .formatted(rows.size(), MARK)
                        + rows.stream()
                                .map(row ->
                                        row.isRecent(this)
                                                ? "#ifdef %s\n%s,\n#else\n%s,\n#endif\n"
                                                        .formatted(
                                                                row.expression(),
                                                                row.expression(),
                                                                absent)
                                                : "(long long) (" + row.expression() + "),\n")
                                .collect(Collectors.joining())
                        + "} };\n";
        Path object = folder.resolve("values.o");
        String said = run(folder, source, "-w", "-c", "-o", object.toString());
        if (!said.isEmpty()) {
            throw new AssertionError(said);
        }
        byte[] bytes = Files.readAllBytes(object);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(MARK) + MARK.length();
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(at);
        Map<String, String> values = new LinkedHashMap<>();
        for (Row row : rows) {
            String value = Long.toString(numbers.getLong());
            if (!value.equals(absent)) {
                values.put(row.label(), value);
            }
        }
        return values;
    }

    /** What expressions are that only a running program knows. */
    Map<String, String> run(Path folder, Collection<Row> rows)
            throws IOException, InterruptedException {
        String source =
                includes(rows)
                        + "#include <stdio.h>\nint main(void) {\n"
                        + rows.stream()
                                .map(row -> row.expression().substring("run ".length()))
                                .map("printf(\"%%lld\\n\", (long long) (%s));\n"::formatted)
                                .collect(Collectors.joining())
                        + "return 0; }\n";
        Path program = folder.resolve("values");
        String said = run(folder, source, "-w", "-o", program.toString());
        if (!said.isEmpty()) {
            throw new AssertionError(said);
        }
        Process process = new ProcessBuilder(program.toString()).start();
        Map<String, String> values = new LinkedHashMap<>();
        try (var lines = process.inputReader()) {
            for (Row row : rows) {
                values.put(row.label(), lines.readLine());
            }
        }
        return values;
    }

    /** Those of the functions that the C library does not have. */
    List<String> missing(Path folder, Collection<String> functions)
            throws IOException, InterruptedException {
        String source =
                functions.stream().map("void %s(void);\n"::formatted).collect(Collectors.joining())
                        + "void *volatile functions[] = {\n"
                        + functions.stream().map("%s,\n"::formatted).collect(Collectors.joining())
                        + "};\nint main(void) { return functions[0] == 0; }\n";
        String said = run(folder, source, "-w", "-fno-builtin", "-o", folder + "/functions");
        return functions.stream()
                .filter(each -> said.contains("undefined reference to `" + each + "'"))
                .toList();
    }

    private static String includes(Collection<Row> rows) {
        return "#define _GNU_SOURCE\n#include <stddef.h>\n"
                + rows.stream()
                        .map(Row::header)
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .map("#include <%s>\n"::formatted)
                        .collect(Collectors.joining());
    }

    private String run(Path folder, String source, String... options)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("probe.c"), source);
        List<String> command = new ArrayList<>(compiler);
        Stream.concat(Stream.of(options), Stream.of(file.toString())).forEach(command::add);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            assumeTrue(false, "no " + compiler.getFirst() + " on this machine");
            throw missing;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
