// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.util.OptionalInt;

/**
 * How a process ended: with an exit code, or by a signal.
 *
 * @param code the exit code, 0 to 255; or minus the number of the signal, as Python has it
 */
public record ExitStatus(int code) {
    /**
     * Whether it ended without an error.
     *
     * @return true for exit code 0
     */
    public boolean isSuccess() {
        return code == 0;
    }

    /**
     * The signal that ended it.
     *
     * @return its number; empty if the process exited
     */
    public OptionalInt signal() {
        return code < 0 ? OptionalInt.of(-code) : OptionalInt.empty();
    }

    /**
     * What it means for a JVM, in words.
     *
     * @return for example {@code killed by SIGKILL: kill -9, or the kernel had no memory left}
     */
    public String reason() {
        return code < 0 ? bySignal(-code) : byExit(code);
    }

    /**
     * The number and the words.
     *
     * @return for example {@code exit 7 (System.exit(7), or halt)}
     */
    @Override
    public String toString() {
        return (code < 0 ? "signal " + -code : "exit " + code) + " (" + reason() + ")";
    }

    private static String byExit(int code) {
        return switch (code) {
            case 0 -> "success";
            case 1 -> "the JVM could not start, or an exception ended it";
            case 3 -> "out of memory, or System.exit(3)";
            case 129 -> "ended by SIGHUP";
            case 130 -> "ended by SIGINT: Ctrl-C";
            case 143 -> "ended by SIGTERM";
            default -> "System.exit(" + code + "), or halt";
        };
    }

    private static String bySignal(int signal) {
        return switch (signal) {
            case 1 -> "killed by SIGHUP";
            case 2 -> "killed by SIGINT: Ctrl-C";
            case 3 -> "killed by SIGQUIT";
            case 4 -> "killed by SIGILL: an illegal instruction in native code";
            case 6 -> "killed by SIGABRT: the JVM crashed, see hs_err_pid*.log";
            case 7 -> "killed by SIGBUS: a mapped file was cut";
            case 8 -> "killed by SIGFPE";
            case 9 -> "killed by SIGKILL: kill -9, or the kernel had no memory left";
            case 11 -> "killed by SIGSEGV: a crash in native code";
            case 15 -> "killed by SIGTERM";
            case 24 -> "killed by SIGXCPU: over its CPU time";
            case 31 -> "killed by SIGSYS: a system call that is not allowed";
            default -> "killed by signal " + signal;
        };
    }
}
