// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.IpcException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM with the classes of this one, all on the class path, and with native access; its
 * stderr is this process's.
 */
final class OtherJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private OtherJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static OtherJvm start(Class<?> main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath(),
                                main.getName()));
        command.addAll(List.of(arguments));
        return new OtherJvm(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Modules, too, are put on the class path; a test may be patched into one of them. */
    private static String classPath() {
        String file = OtherJvm.class.getName().replace('.', '/') + ".class";
        String here = OtherJvm.class.getResource("/" + file).toString();
        List<String> paths = new ArrayList<>(List.of(location(IpcException.class)));
        if (here.startsWith("file:")) {
            paths.add(here.substring("file:".length(), here.length() - file.length()));
        }
        for (String property : List.of("java.class.path", "jdk.module.path")) {
            paths.add(System.getProperty(property, ""));
        }
        paths.removeIf(String::isEmpty);
        return String.join(File.pathSeparator, paths);
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next line that it prints; null if it has ended. */
    String line() throws IOException {
        return output.readLine();
    }

    long pid() {
        return process.pid();
    }

    /** Kills it by SIGKILL and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
