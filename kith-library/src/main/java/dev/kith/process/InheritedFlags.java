// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * The flags of this JVM that its children get, too: what decides which code there is and what it
 * may do, not how much memory it has nor who watches it.
 *
 * <p>They are read from /proc/self/cmdline, with {@code @} files expanded; the management bean that
 * knows them takes 8 ms and another module.
 */
final class InheritedFlags {
    /** Variables from which a JVM takes flags, whatever its command line says. */
    static final List<String> VARIABLES =
            List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    private static final Set<String> WITH_VALUE =
            Set.of(
                    "--add-opens",
                    "--add-exports",
                    "--add-reads",
                    "--add-modules",
                    "--limit-modules",
                    "--patch-module",
                    "--upgrade-module-path",
                    "--enable-native-access",
                    "--illegal-native-access",
                    "--sun-misc-unsafe-memory-access");

    private static final Set<String> VALUE_NOT_INHERITED =
            Set.of(
                    "-cp",
                    "-classpath",
                    "--class-path",
                    "-p",
                    "--module-path",
                    "--source",
                    "-d",
                    "--describe-module");

    private static final List<String> INHERITED =
            List.of(
                    "--enable-preview",
                    "--enable-final-field-mutation",
                    "--illegal-final-field-mutation",
                    "-ea",
                    "-da",
                    "-esa",
                    "-dsa",
                    "-enableassertions",
                    "-disableassertions",
                    "-enablesystemassertions",
                    "-disablesystemassertions",
                    "-Xss",
                    "-Xbootclasspath/a:");

    /** Properties that the JVM makes itself, or that open a port that is taken already. */
    private static final List<String> NOT_INHERITED_PROPERTIES =
            List.of(
                    "-Djava.class.path",
                    "-Djava.home",
                    "-Djdk.module.",
                    "-Djdk.reflect.useNativeAccessorOnly",
                    "-Dsun.java.command",
                    "-Dcom.sun.management.");

    private static final List<String> OF_THIS_JVM = ofThisJvm();

    private InheritedFlags() {}

    /** The flags, each one argument. */
    static List<String> get() {
        return OF_THIS_JVM;
    }

    /** Whether a variable would attach an agent or open a port in every child. */
    static boolean isHarmful(String value) {
        return value.contains("-agent")
                || value.contains("-javaagent")
                || value.contains("jdwp")
                || value.contains("com.sun.management.");
    }

    /** Those of a launcher's arguments that children get. */
    static List<String> of(List<String> arguments) {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < arguments.size() && arguments.get(i).startsWith("-"); i++) {
            String flag = arguments.get(i);
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (flag.equals("-jar")) {
                flags.addAll(ofManifest(Path.of(value)));
                break;
            } else if (flag.equals("-m") || flag.equals("--module")) {
                break;
            } else if (WITH_VALUE.contains(flag)) {
                flags.add(flag + "=" + value);
                i++;
            } else if (VALUE_NOT_INHERITED.contains(flag)) {
                i++;
            } else if (isInherited(flag)) {
                flags.add(flag);
            }
        }
        return flags;
    }

    /** What a runnable jar opens; its grant of native access is asked for in another way. */
    private static List<String> ofManifest(Path jar) {
        List<String> flags = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest().getMainAttributes();
            for (String attribute : List.of("Add-Opens", "Add-Exports")) {
                String names = manifest.getValue(attribute);
                for (String name : names == null ? new String[0] : names.strip().split(" +")) {
                    flags.add(
                            "--"
                                    + attribute.toLowerCase(Locale.ROOT)
                                    + "="
                                    + name
                                    + "=ALL-UNNAMED");
                }
            }
        } catch (IOException gone) {
            return flags;
        }
        return flags;
    }

    private static boolean isInherited(String flag) {
        if (flag.startsWith("-D")) {
            return NOT_INHERITED_PROPERTIES.stream().noneMatch(flag::startsWith);
        }
        int equals = flag.indexOf('=');
        return equals > 0 && WITH_VALUE.contains(flag.substring(0, equals))
                || INHERITED.stream().anyMatch(flag::startsWith);
    }

    private static List<String> ofThisJvm() {
        List<String> flags = new ArrayList<>();
        for (String variable : VARIABLES) {
            String value = System.getenv(variable);
            if (value != null && isHarmful(value)) {
                // The children do not get the variable: see Environment.
                flags.addAll(of(ArgumentFile.parse(value)));
            }
        }
        try {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
            // In another program that made a JVM for itself the arguments mean something else.
            if (Path.of("/proc/self/exe").toRealPath().equals(java)) {
                flags.addAll(of(expanded(commandLine())));
            }
        } catch (IOException unreadable) {
            return List.copyOf(flags);
        }
        return List.copyOf(flags);
    }

    private static List<String> commandLine() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("/proc/self/cmdline"));
        List<String> arguments = Arrays.asList(new String(bytes, charset()).split("\0"));
        return arguments.subList(Math.min(1, arguments.size()), arguments.size());
    }

    /** Puts the contents of {@code @file} in its place, up to the main class. */
    private static List<String> expanded(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>();
        boolean files = true;
        for (String argument : arguments) {
            files &= !argument.equals("--disable-@files");
            Path file = Path.of(argument.startsWith("@") ? argument.substring(1) : "");
            // One that cannot be read is an argument of the program, or the launcher had
            // complained.
            if (files && argument.startsWith("@") && Files.isReadable(file)) {
                all.addAll(ArgumentFile.parse(new String(Files.readAllBytes(file), charset())));
            } else {
                all.add(argument);
            }
        }
        return all;
    }

    /** How the C library's strings are encoded here: arguments, variables, paths. */
    static Charset charset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding"));
    }
}
