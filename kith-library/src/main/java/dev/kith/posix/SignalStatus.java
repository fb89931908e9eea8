// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What /proc says of the signals of a process or a thread, one bit a signal. proc_pid_status(5)
 *
 * @param pending those that wait for the thread alone
 * @param blocked those that the thread blocks; of a process: its first thread
 * @param ignored those that the process ignores
 * @param caught those that the process has a handler for
 */
record SignalStatus(long pending, long blocked, long ignored, long caught) {
    /** Reads {@code directory/status}; null if that cannot be read, or is gone. */
    static SignalStatus of(Path directory) {
        String status = read(directory.resolve("status"));
        if (!status.contains("\nSigCgt:\t")) {
            return null;
        }
        return new SignalStatus(
                bits(status, "\nSigPnd:\t"),
                bits(status, "\nSigBlk:\t"),
                bits(status, "\nSigIgn:\t"),
                bits(status, "\nSigCgt:\t"));
    }

    /** Whether a thread is in sigtimedwait(2) or one of its relatives. */
    static boolean waits(Path directory) {
        return read(directory.resolve("wchan")).contains("sigtimedwait");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static long bits(String status, String field) {
        int start = status.indexOf(field) + field.length();
        return Long.parseUnsignedLong(status.substring(start, start + 16), 16);
    }
}
