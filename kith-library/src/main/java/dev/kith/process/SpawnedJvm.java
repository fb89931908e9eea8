// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static dev.kith.kernel.Errno.EINTR;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kith.IpcException;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.NativeAccess;
import dev.kith.kernel.Signal;
import dev.kith.kernel.Spawn;
import dev.kith.kernel.SysWait;
import dev.kith.kernel.Unistd;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A child started by posix_spawn(3).
 *
 * <pre>
 *   0 1 2  the user's, inherited
 *   3      pipe from which the child reads tasks
 *   4      pipe to which it writes results
 *   5      socketpair over which descriptors come; the child leaves it alone until one does
 *   6      the arguments, if they are too long for a command line
 * </pre>
 *
 * <p>All others are closed. The child has a process group of its own, so that Ctrl-C reaches the
 * parent, which ends the child in order; and it blocks the signal for messages, so that any sender
 * can reach it.
 */
final class SpawnedJvm implements ChildJvm {
    private static final int TASKS = 3;
    private static final int RESULTS = 4;
    private static final int SOCKET = 5;
    private static final int ARGUMENTS = 6;

    /** SIGRTMIN+6 carries messages: kith's launcher blocks it in its JVM as well. */
    private static final int MESSAGES = 6;

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGCHLD = 17;

    private final int pid;
    private final Descriptor tasks;
    private final DescriptorInput results;
    private final InputStream in;
    private final int socket;
    private boolean reaped;

    private SpawnedJvm(int pid, int tasks, int results, int socket) {
        this.pid = pid;
        this.tasks = new Descriptor(tasks, "tasks of worker " + pid);
        this.results = new DescriptorInput(new Descriptor(results, "results of worker " + pid));
        this.in = new BufferedInputStream(this.results);
        this.socket = socket;
    }

    /** Whether this JVM and its C library can. */
    static boolean isPossible() {
        return NativeAccess.granted() && Spawn.closesFrom();
    }

    /** Starts a child, in the thread that is to outlive it. */
    static SpawnedJvm start(WorkerOptions options, boolean oneShot) throws IOException {
        keepStatus();
        List<String> arguments = CommandLine.arguments(options, oneShot);
        arguments.add("/proc/self/fd/" + TASKS);
        arguments.add("/proc/self/fd/" + RESULTS);
        arguments.add(Integer.toString(SOCKET));
        arguments.add(options.name());
        try (Opened opened = new Opened(ARGUMENTS + 1)) {
            int[] tasks = opened.pipe();
            int[] results = opened.pipe();
            int[] sockets = opened.socketPair();
            List<Integer> inherited = new ArrayList<>(List.of(tasks[0], results[1], sockets[1]));
            if (CommandLine.isLong(arguments)) {
                inherited.add(opened.file(ArgumentFile.text(arguments)));
                arguments = List.of("@/proc/self/fd/" + ARGUMENTS);
            }
            int pid = spawn(options, arguments, inherited);
            return new SpawnedJvm(
                    pid, opened.keep(tasks[1]), opened.keep(results[0]), opened.keep(sockets[0]));
        }
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return new DescriptorOutput(tasks);
    }

    @Override
    public void pass(List<Integer> descriptors) {
        DescriptorPassing.send(socket, descriptors);
    }

    @Override
    public void connected() {}

    @Override
    public synchronized void terminate() {
        if (!reaped) {
            Signal.kill(pid, SIGTERM);
        }
    }

    @Override
    public synchronized void kill() {
        if (!reaped && Signal.kill(-pid, SIGKILL) < 0) {
            Signal.kill(pid, SIGKILL);
        }
    }

    @Override
    public ExitStatus await() {
        int error;
        do {
            // It stays a zombie until the lock is held, so that nobody signals another of its
            // number.
            error =
                    SysWait.waitid(
                            SysWait.P_PID,
                            pid,
                            MemorySegment.NULL,
                            SysWait.WEXITED | SysWait.WNOWAIT);
        } while (error == -EINTR);
        try {
            return reap();
        } finally {
            results.endWhenEmpty();
        }
    }

    private synchronized ExitStatus reap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            int error = SysWait.waitpid(pid, status, 0);
            // Somebody who waits for every child (waitpid(-1)) may have taken it.
            return new ExitStatus(error < 0 ? 255 : SysWait.code(status.get(JAVA_INT, 0)));
        } finally {
            reaped = true;
        }
    }

    @Override
    public void close() {
        tasks.close();
        results.close();
        Unistd.close(socket);
    }

    /** Where SIGCHLD is ignored (trap '' CHLD), the kernel throws the status of children away. */
    private static void keepStatus() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"), ISO_8859_1)) {
            if (line.startsWith("SigIgn:")
                    && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & Signal.bit(SIGCHLD))
                            != 0) {
                Signal.handleByDefault(SIGCHLD);
            }
        }
    }

    private static int spawn(WorkerOptions options, List<String> arguments, List<Integer> inherited)
            throws IOException {
        Charset charset = InheritedFlags.charset();
        byte[] java = CommandLine.java().getBytes(charset);
        List<byte[]> argv = new ArrayList<>(List.of(java));
        arguments.forEach(argument -> argv.add(argument.getBytes(charset)));
        List<byte[]> envp = Environment.of(options.environment());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(Spawn.STRUCT_BYTES, 8);
            MemorySegment attributes = arena.allocate(Spawn.STRUCT_BYTES, 8);
            MemorySegment pid = arena.allocate(JAVA_INT);
            Spawn.fileActionsInit(actions);
            Spawn.attrInit(attributes);
            try {
                for (int i = 0; i < inherited.size(); i++) {
                    Spawn.addDup2(actions, inherited.get(i), TASKS + i);
                }
                Spawn.addCloseFrom(actions, TASKS + inherited.size());
                if (options.directory().isPresent()) {
                    byte[] directory = options.directory().get().toString().getBytes(charset);
                    Spawn.addChdir(actions, Spawn.string(arena, directory));
                }
                Spawn.setFlags(
                        attributes,
                        (short) (Spawn.POSIX_SPAWN_SETPGROUP | Spawn.POSIX_SPAWN_SETSIGMASK));
                Spawn.setProcessGroup(attributes, 0);
                Spawn.setSignalMask(
                        attributes, Signal.set(arena, Signal.bit(Signal.SIGRTMIN + MESSAGES)));
                int error =
                        Spawn.posixSpawn(
                                pid,
                                Spawn.string(arena, java),
                                actions,
                                attributes,
                                Spawn.vector(arena, argv),
                                Spawn.vector(arena, envp));
                if (error != 0) {
                    throw failed(options, error);
                }
                return pid.get(JAVA_INT, 0);
            } finally {
                Spawn.fileActionsDestroy(actions);
                Spawn.attrDestroy(attributes);
            }
        }
    }

    private static IpcException failed(WorkerOptions options, int error) {
        String where = options.directory().map(path -> ", directory " + path).orElse("");
        return Errors.of(
                "posix_spawn(\"" + CommandLine.java() + "\"" + where + ")",
                error,
                where.isEmpty()
                        ? "is there memory and room for another process (ulimit -u)?"
                        : "the directory must exist");
    }
}
