// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are started without native access print what docs/native-access.md says. */
@Timeout(60)
class BareProgramTest {
    private static final Pattern TEXT = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);

    @TempDir static Path folder;

    private static Path onClassPath;
    private static Path asModule;

    @BeforeAll
    static void compileBoth() throws Exception {
        onClassPath = folder.resolve("bare");
        asModule = folder.resolve("module");
        compile(onClassPath, "-cp", "");
        compile(asModule, "-p", "module bare { requires dev.kith; }");
    }

    @Test
    void shouldWarnOnTheClassPath() throws Exception {
        assertThat(warned(onClassPath())).isEqualTo(documented(0));
        assertThat(warned(onClassPath("--enable-native-access=java.base")))
                .isEqualTo(documented(0));
    }

    @Test
    void shouldWarnAsAModule() throws Exception {
        assertThat(warned(asModule())).isEqualTo(documented(1));
        assertThat(warned(asModule("--enable-native-access=ALL-UNNAMED"))).isEqualTo(documented(1));
    }

    @Test
    void shouldNameTheFlagWhereItIsDeniedOnTheClassPath() throws Exception {
        assertThat(denied(onClassPath("--illegal-native-access=deny"))).isEqualTo(documented(2));
    }

    @Test
    void shouldNameTheFlagWhereItIsDeniedAsAModule() throws Exception {
        assertThat(denied(asModule("--illegal-native-access=deny"))).isEqualTo(documented(3));
    }

    @Test
    void shouldPrintNothingWhereItIsGranted() throws Exception {
        assertThat(warned(onClassPath("--enable-native-access=ALL-UNNAMED"))).isEmpty();
        assertThat(warned(asModule("--enable-native-access=dev.kith"))).isEmpty();
    }

    /** The text of that number in the document. */
    private static String documented(int number) throws IOException {
        Matcher texts = TEXT.matcher(Files.readString(Path.of("..", "docs", "native-access.md")));
        for (int i = 0; i <= number; i++) {
            assertThat(texts.find()).as("text " + i + " of docs/native-access.md").isTrue();
        }
        return texts.group(1).strip();
    }

    private static String warned(Process program) throws Exception {
        String error = error(program);
        assertThat(program.waitFor()).as(error).isZero();
        return error;
    }

    /** The first line of the stack trace, without whose it is. */
    private static String denied(Process program) throws Exception {
        String error = error(program);
        assertThat(program.waitFor()).isEqualTo(1);
        assertThat(error).startsWith("Exception in thread \"main\" dev.kith.Denied: ");
        return error.lines().findFirst().orElseThrow().replaceFirst("Exception .* \"main\" ", "");
    }

    private static String error(Process program) throws IOException {
        return new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                .replaceAll("\\(file:[^)]*\\)", "(file:/…/kith.jar)")
                .strip();
    }

    private static Process onClassPath(String... flags) throws IOException {
        return start(flags, "-cp", Library.folder() + ":" + onClassPath, "bare.Bare");
    }

    private static Process asModule(String... flags) throws IOException {
        return start(flags, "-p", Library.folder() + ":" + asModule, "-m", "bare/bare.Bare");
    }

    private static Process start(String[] flags, String... rest) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of(flags));
        command.addAll(List.of(rest));
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void compile(Path into, String path, String module) throws Exception {
        Path sources = Files.createDirectories(into.resolveSibling(into.getFileName() + "-src"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                                "-d",
                                into.toString(),
                                path,
                                Library.folder().toString()));
        String program =
                """
                package bare;

                import dev.kith.posix.Pipe;

                public class Bare {
                    public static void main(String[] arguments) {
                        Pipe pipe = Pipe.open();
                        pipe.reader().close();
                        pipe.writer().close();
                    }
                }
                """;
        command.add(Files.writeString(sources.resolve("Bare.java"), program).toString());
        if (!module.isEmpty()) {
            Path file = sources.resolve("module-info.java");
            command.add(Files.writeString(file, module).toString());
        }
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(javac.waitFor()).as(said).isZero();
    }
}
