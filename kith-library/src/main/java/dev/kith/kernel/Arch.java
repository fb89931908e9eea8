// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What of the constants and layouts depends on the architecture or the libc is asked here, and
 * nowhere else.
 */
final class Arch {
    static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");

    /** Whether the C library is musl, whose first free real-time signal is one higher. */
    static final boolean MUSL =
            Files.exists(Path.of("/lib/ld-musl-" + (AARCH64 ? "aarch64" : "x86_64") + ".so.1"))
                    && !Files.exists(
                            Path.of(
                                    AARCH64
                                            ? "/lib/ld-linux-aarch64.so.1"
                                            : "/lib64/ld-linux-x86-64.so.2"));

    private Arch() {}
}
