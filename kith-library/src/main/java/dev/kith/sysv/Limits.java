// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The knobs in /proc/sys/kernel. */
final class Limits {
    private Limits() {}

    /**
     * What a knob is set to, its numbers separated by blanks; "unknown" where /proc does not tell.
     * In one read, because the kernel gives a number only to a read from the start:
     * Files.readString, which begins with one byte, gets 8 of 8192.
     */
    static String read(String knob) {
        byte[] text = new byte[256];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/kernel", knob))) {
            int length = Math.max(0, in.read(text));
            return new String(text, 0, length, StandardCharsets.US_ASCII)
                    .strip()
                    .replaceAll("\\s+", " ");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    /** A knob with one number, or the kernel's default where /proc does not tell. */
    static long number(String knob, long otherwise) {
        try {
            return Long.parseLong(read(knob));
        } catch (NumberFormatException unknown) {
            return otherwise;
        }
    }
}
