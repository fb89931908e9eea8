// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments as UTF-8, whatever the locale.
 *
 * <p>Under {@code LC_ALL=C} the JVM decodes arguments as ASCII and what is not is lost; the kernel
 * still has the bytes.
 */
final class RawArguments {
    private RawArguments() {}

    static String[] of(String[] decoded) {
        for (String arg : decoded) {
            if (!isAscii(arg)) {
                return fromKernel(decoded);
            }
        }
        return decoded;
    }

    private static String[] fromKernel(String[] decoded) {
        List<String> all;
        try (FileInputStream file = new FileInputStream("/proc/self/cmdline")) {
            all = split(file.readAllBytes());
        } catch (IOException unreadable) {
            return decoded;
        }
        // Ours are the last ones: what the JVM took for itself stands before the main class.
        int first = all.size() - decoded.length;
        return first < 0 ? decoded : all.subList(first, all.size()).toArray(new String[0]);
    }

    private static List<String> split(byte[] bytes) {
        List<String> args = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                args.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        return args;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
