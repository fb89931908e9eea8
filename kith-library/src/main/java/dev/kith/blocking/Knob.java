// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The numbers in /proc/sys, which tell the limits of the machine. */
public final class Knob {
    private static final int MOST_BYTES = 256;

    private Knob() {}

    /**
     * What a knob is set to, its numbers separated by blanks; "unknown" where /proc does not tell.
     * In one read, because the kernel gives a number only to a read from the start:
     * Files.readString, which begins with one byte, gets 8 of 8192.
     *
     * @param path below /proc/sys: {@code kernel/msgmax}
     */
    public static String read(String path) {
        byte[] text = new byte[MOST_BYTES];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys", path))) {
            int length = Math.max(0, in.read(text));
            return new String(text, 0, length, StandardCharsets.US_ASCII)
                    .strip()
                    .replaceAll("\\s+", " ");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /** A knob with one number, or another number where /proc does not tell. */
    public static long number(String path, long otherwise) {
        try {
            return Long.parseLong(read(path));
        } catch (NumberFormatException unknown) {
            return otherwise;
        }
    }
}
