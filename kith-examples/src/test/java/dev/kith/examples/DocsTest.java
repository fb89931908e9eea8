// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java snippet of the documents compiles, runs, and prints what the comment beside it says.
 */
@Timeout(60)
class DocsTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PRINTED = Pattern.compile("println\\(.*\\);\\s*// (.*)");
    private static final String IMPORTS =
            """
            import dev.kith.channel.*;
            import dev.kith.codec.*;
            import dev.kith.linux.*;
            import dev.kith.posix.*;
            import dev.kith.process.*;
            import dev.kith.ring.*;
            import dev.kith.shared.*;
            import dev.kith.test.*;
            import java.lang.foreign.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import org.junit.jupiter.api.*;
            """;

    @TempDir Path directory;

    /** One piece of code in a document. */
    record Snippet(Path document, int number, String code) {
        @Override
        public String toString() {
            return document.getFileName() + " " + number;
        }
    }

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Path root = Path.of("..");
        List<Path> documents = new ArrayList<>();
        for (Path from :
                List.of(
                        root.resolve("README.md"),
                        root.resolve("README.zh-CN.md"),
                        root.resolve("docs"))) {
            try (Stream<Path> found = Files.walk(from)) {
                found.filter(file -> file.toString().endsWith(".md"))
                        .sorted()
                        .forEach(documents::add);
            }
        }
        for (Path document : documents) {
            Matcher matcher = SNIPPET.matcher(Files.readString(document));
            for (int number = 1; matcher.find(); number++) {
                snippets.add(new Snippet(document, number, matcher.group(1)));
            }
        }
        return snippets;
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void shouldCompileAndPrintWhatItSays(Snippet snippet) throws Exception {
        Path source = directory.resolve("Snippet.java");
        Files.writeString(
                source,
                IMPORTS
                        + "class Snippet {\n"
                        + "    public static void main(String[] a) throws Exception {\n"
                        + snippet.code
                        + "    }\n}\n");
        String classPath = System.getProperty("java.class.path");
        Path sandbox = Files.createDirectory(directory.resolve("sandbox"));
        StringWriter problems = new StringWriter();
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                problems,
                                null,
                                null,
                                List.of("-d", directory.toString(), "-cp", classPath),
                                null,
                                ToolProvider.getSystemJavaCompiler()
                                        .getStandardFileManager(null, null, null)
                                        .getJavaFileObjects(source))
                        .call();
        assertThat(compiled).as("%s", problems).isTrue();
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dstdout.encoding=UTF-8",
                                "-cp",
                                directory + ":" + classPath,
                                "Snippet")
                        .directory(sandbox.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        List<String> promised = new ArrayList<>();
        PRINTED.matcher(snippet.code)
                .results()
                .forEach(result -> promised.add(result.group(1).strip()));
        assertThat(output.lines()).containsAll(promised);
        assertThat(sandbox).as("what it leaves behind").isEmptyDirectory();
    }
}
