// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a child JVM is started. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * WorkerOptions.defaults().withName("indexer").withHeapLimit(256L << 20)
 * }</pre>
 *
 * @param name what the child is called in messages, thread names and the list of processes
 * @param jvmFlags flags for the child's JVM, after those that Kith sets itself
 * @param heapLimitBytes the most heap it may use (-Xmx); 0 leaves it to the JVM
 * @param environment variables that are set in addition to those of this process, or instead
 * @param directory its working directory; empty: that of this process
 * @param allowed classes of results, or in exceptions, that are read besides the harmless ones
 * @param stopGrace how long each step of {@link Worker#stop()} waits before the next one
 */
public record WorkerOptions(
        String name,
        List<String> jvmFlags,
        long heapLimitBytes,
        Map<String, String> environment,
        Optional<Path> directory,
        List<Class<?>> allowed,
        Duration stopGrace) {

    private static final long LEAST_HEAP_BYTES = 2L << 20;
    private static final WorkerOptions DEFAULTS =
            new WorkerOptions(
                    "worker",
                    List.of(),
                    0,
                    Map.of(),
                    Optional.empty(),
                    List.of(),
                    Duration.ofSeconds(2));

    /** Checks the values and copies the collections. */
    public WorkerOptions {
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a worker needs a name: \"" + name + "\"");
        }
        jvmFlags = List.copyOf(jvmFlags);
        jvmFlags.forEach(WorkerOptions::checkFlag);
        if (heapLimitBytes != 0 && heapLimitBytes < LEAST_HEAP_BYTES) {
            throw new IllegalArgumentException(
                    "no JVM starts with so small a heap: heapLimitBytes="
                            + heapLimitBytes
                            + ", least="
                            + LEAST_HEAP_BYTES);
        }
        allowed = List.copyOf(allowed);
        environment = Map.copyOf(environment);
        environment.forEach(WorkerOptions::checkVariable);
        if (stopGrace.isNegative()) {
            throw new IllegalArgumentException("stopGrace is negative: " + stopGrace);
        }
    }

    /**
     * What {@link Worker#start()} takes: no name of its own, no flags, this environment and
     * directory.
     *
     * @return the options
     */
    public static WorkerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Gives the child a name.
     *
     * @param name a name, need not be unique
     * @return a copy with that name
     */
    public WorkerOptions withName(String name) {
        return new WorkerOptions(
                name, jvmFlags, heapLimitBytes, environment, directory, allowed, stopGrace);
    }

    /**
     * Replaces the flags for the child's JVM. A flag with a value is one string: {@code
     * --add-opens=java.base/java.util=ALL-UNNAMED}.
     *
     * @param flags flags that begin with a dash; the class path is always this process's
     * @return a copy with those flags
     */
    public WorkerOptions withJvmFlags(String... flags) {
        return new WorkerOptions(
                name, List.of(flags), heapLimitBytes, environment, directory, allowed, stopGrace);
    }

    /**
     * Limits the child's heap. When it is full the child ends, and its tasks fail with {@link
     * WorkerDied}.
     *
     * @param bytes at least 2 MiB; 0 leaves it to the JVM (a quarter of the memory)
     * @return a copy with that limit
     */
    public WorkerOptions withHeapLimit(long bytes) {
        return new WorkerOptions(name, jvmFlags, bytes, environment, directory, allowed, stopGrace);
    }

    /**
     * Sets an environment variable for the child.
     *
     * @param variable the name
     * @param value the value
     * @return a copy that sets it, too
     */
    public WorkerOptions withEnvironment(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new WorkerOptions(
                name, jvmFlags, heapLimitBytes, more, directory, allowed, stopGrace);
    }

    /**
     * Starts the child in another directory.
     *
     * @param directory an existing directory
     * @return a copy with that directory
     */
    public WorkerOptions withDirectory(Path directory) {
        return new WorkerOptions(
                name,
                jvmFlags,
                heapLimitBytes,
                environment,
                Optional.of(directory),
                allowed,
                stopGrace);
    }

    /**
     * Allows objects of these classes as results, or in exceptions. Allowed anyway are what {@link
     * dev.kith.codec.Codec#objects()} allows, exceptions, and the classes of the package in which
     * the task stands.
     *
     * @param classes classes whose {@code readObject} may run here
     * @return a copy that allows them
     */
    public WorkerOptions withAllowed(Class<?>... classes) {
        return new WorkerOptions(
                name,
                jvmFlags,
                heapLimitBytes,
                environment,
                directory,
                List.of(classes),
                stopGrace);
    }

    /**
     * Changes how long each step of {@link Worker#stop()} waits.
     *
     * @param grace how long; zero goes to the last step at once
     * @return a copy with that time
     */
    public WorkerOptions withStopGrace(Duration grace) {
        return new WorkerOptions(
                name, jvmFlags, heapLimitBytes, environment, directory, allowed, grace);
    }

    private static void checkFlag(String flag) {
        boolean ends = flag.equals("-jar") || flag.equals("-m") || flag.startsWith("--module=");
        if (!flag.startsWith("-") || flag.indexOf('\0') >= 0 || ends) {
            throw new IllegalArgumentException(
                    "not a flag for a child JVM: \""
                            + flag
                            + "\"; a flag begins with a dash, and one with a value is one string"
                            + " (--add-opens=module/package=target)");
        }
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "not an environment variable: \"" + name + "=" + value + "\"");
        }
    }
}
