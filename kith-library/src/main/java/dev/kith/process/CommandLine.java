// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import dev.kith.kernel.NativeAccess;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command that starts a child JVM: this JVM's program, code and rights; flags for a short start
 * and a small footprint; the user's flags last.
 */
final class CommandLine {
    /** Above this, exec refuses a single argument: MAX_ARG_STRLEN is 128 KiB. */
    private static final int LONGEST_ARGUMENT = 100_000;

    private static final int LONGEST_COMMAND = 1_000_000;

    private CommandLine() {}

    /** The program. */
    static String java() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java)) {
            throw new IpcException(
                    "no program to start a child JVM with: "
                            + java
                            + " is missing; the run-time image needs its launcher");
        }
        return java.toString();
    }

    /**
     * The flags, the class path and the main class.
     *
     * @param oneShot whether the child runs a single task: then the time to compile well is not
     *     there
     */
    static List<String> arguments(WorkerOptions options, boolean oneShot) {
        List<String> arguments = new ArrayList<>(InheritedFlags.get());
        if (options.jvmFlags().stream().noneMatch(flag -> flag.matches("-XX:\\+Use.*GC"))) {
            arguments.add("-XX:+UseSerialGC");
        }
        arguments.addAll(
                List.of(
                        "-XX:-UsePerfData",
                        "-XX:+ExitOnOutOfMemoryError",
                        // What the JVM itself has to say is not the program's output.
                        "-XX:+DisplayVMOutputToStderr",
                        "-Xlog:disable",
                        "-Xlog:all=warning:stderr"));
        if (oneShot) {
            arguments.add("-XX:TieredStopAtLevel=1");
            arguments.add("-Djdk.reflect.useNativeAccessorOnly=true");
        }
        if (options.heapLimitBytes() > 0) {
            arguments.add("-Xmx" + options.heapLimitBytes() / 1024 + "k");
        }
        arguments.addAll(options.jvmFlags());
        if (NativeAccess.granted()) {
            arguments.add("--enable-native-access=" + NativeAccess.grantee());
        }
        arguments.addAll(code());
        return arguments;
    }

    /** Whether the command must go through a file. */
    static boolean isLong(List<String> arguments) {
        return arguments.stream().mapToInt(String::length).max().orElse(0) > LONGEST_ARGUMENT
                || arguments.stream().mapToInt(String::length).sum() > LONGEST_COMMAND;
    }

    private static List<String> code() {
        List<String> arguments = new ArrayList<>();
        Module kith = CommandLine.class.getModule();
        Set<String> classPath = paths(System.getProperty("java.class.path", ""));
        String modulePath =
                String.join(File.pathSeparator, paths(System.getProperty("jdk.module.path", "")));
        if (!modulePath.isEmpty()) {
            arguments.add("--module-path=" + modulePath);
        }
        String main = System.getProperty("jdk.module.main", "");
        // The compiler is the main module of a script, the REPL's that of a REPL.
        boolean ofUser = !main.isEmpty() && !main.startsWith("jdk.");
        if (ofUser) {
            arguments.add("--add-modules=" + main);
        } else if (kith.isNamed()) {
            // The program is on the class path and sees what the JDK gives to those.
            arguments.add("--add-modules=ALL-DEFAULT");
        }
        if (!kith.isNamed()) {
            Set<String> withKith = new LinkedHashSet<>(Set.of(location()));
            withKith.addAll(classPath);
            classPath = withKith;
        }
        if (!classPath.isEmpty()) {
            arguments.add("--class-path=" + String.join(File.pathSeparator, classPath));
        }
        if (kith.isNamed()) {
            arguments.add("--module=" + kith.getName() + "/" + Child.class.getName());
        } else {
            arguments.add(Child.class.getName());
        }
        return arguments;
    }

    /** The elements of a path, absolute, because the child may have another directory. */
    private static Set<String> paths(String path) {
        Set<String> elements = new LinkedHashSet<>();
        if (!path.isEmpty()) {
            for (String element : path.split(File.pathSeparator)) {
                elements.add(Path.of(element).toAbsolutePath().toString());
            }
        }
        return elements;
    }

    /** The jar or directory of Kith. */
    private static String location() {
        CodeSource source = CommandLine.class.getProtectionDomain().getCodeSource();
        try {
            URI uri = source == null ? null : source.getLocation().toURI();
            if (uri != null && "file".equals(uri.getScheme())) {
                return Path.of(uri).toString();
            }
            throw new IpcException(
                    "a child JVM needs Kith as a file on its class path, but this one has it from "
                            + uri
                            + "; put the jar of Kith beside the application, not into it");
        } catch (URISyntaxException unreadable) {
            throw new IpcException("where is Kith? " + unreadable.getMessage(), unreadable);
        }
    }
}
