// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What of the constants and layouts depends on the architecture or the C library is asked here, and
 * nowhere else. No value depends on both, so there are two questions and not a list of pairs; the
 * values of every pair, and how they are checked, are in docs/design/portability.md.
 */
final class Arch {
    /** For the test of the values only, which asks for those of other machines: aarch64-musl. */
    private static final String FORCED = System.getProperty("kith.abi", "");

    private static final String NAME =
            FORCED.isEmpty() ? System.getProperty("os.arch") : FORCED.replaceFirst("-.*", "");

    static final boolean AARCH64 = NAME.equals("aarch64");

    /** Whether the values of this package are those of this machine. */
    static final boolean KNOWN =
            (AARCH64 || NAME.equals("amd64")) && System.getProperty("os.name").equals("Linux");

    private Arch() {}

    /** Whether the C library of this process is musl, and not glibc. */
    static boolean musl() {
        return Libc.MUSL;
    }

    /** Found when first asked for: few values depend on it, and a start without them is faster. */
    private static final class Libc {
        static final boolean MUSL = FORCED.isEmpty() ? isMapped() : FORCED.endsWith("-musl");

        /**
         * A machine may have both loaders (cross compilers bring one, gcompat the other): what this
         * process runs on is what it has mapped.
         */
        private static boolean isMapped() {
            String loader = "/lib/ld-musl-" + (AARCH64 ? "aarch64" : "x86_64") + ".so.1";
            if (!Files.exists(Path.of(loader))) {
                return false;
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return maps.anyMatch(each -> each.contains("/ld-musl-"));
            } catch (IOException unreadable) {
                return false;
            }
        }
    }
}
