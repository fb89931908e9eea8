// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM with the classes of the library and of its tests, for tests that take two processes.
 */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts {@code main} on the class path, with native access; stderr is this process's. */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), List.of("--enable-native-access=ALL-UNNAMED"), main, arguments);
    }

    /** Starts {@code main} without any flag; what it says on stderr comes as lines, too. */
    public static ChildJvm bare(Class<?> main, String... arguments) throws IOException {
        ProcessBuilder builder = builder(List.of(), List.of(), main, arguments);
        return new ChildJvm(builder.redirectErrorStream(true).start());
    }

    /** Starts {@code main} by another command, with those flags; stderr is this process's. */
    public static ChildJvm start(
            List<String> by, List<String> flags, Class<?> main, String... arguments)
            throws IOException {
        return new ChildJvm(
                builder(by, flags, main, arguments)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    private static ProcessBuilder builder(
            List<String> by, List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(by);
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        classPath(),
                        main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /**
     * Where the classes of the library and of its tests are, whether they run as a module or not.
     */
    public static String classPath() {
        return location(IpcException.class) + File.pathSeparator + testClasses();
    }

    private static String testClasses() {
        // In a module run the tests are patched into the module, so ask for the file itself.
        String name = ChildJvm.class.getName().replace('.', '/') + ".class";
        String file = ChildJvm.class.getResource("/" + name).getPath();
        return file.substring(0, file.length() - name.length());
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next line that it prints; null if it has ended. */
    public String line() throws IOException {
        return output.readLine();
    }

    /** Writes a byte to its standard input. */
    public void write(int value) throws IOException {
        process.getOutputStream().write(value);
        process.getOutputStream().flush();
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    /** Kills it by SIGKILL and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends it a signal, named as kill(1) does. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
    }

    /** Waits for its end; its status. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
