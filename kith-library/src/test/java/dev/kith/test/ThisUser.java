// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whom this process belongs to. */
final class ThisUser {
    static final Integer UID = uid();

    private ThisUser() {}

    private static Integer uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException noProc) {
            throw new UncheckedIOException(noProc);
        }
    }
}
