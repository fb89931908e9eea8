// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Peer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name that a file has until it is filled, where files without any cannot be had: it tells who
 * fills it, so that what a dead process left can be told from what is being made.
 */
final class TemporaryName {
    private static final Pattern PATTERN =
            Pattern.compile("\\.kith-new-(\\d{1,10})-(\\d{1,18})-[0-9a-f]+");

    private TemporaryName() {}

    static Path beside(Path file) {
        Peer me = Peer.current();
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return file.resolveSibling(".kith-new-" + me.pid() + "-" + me.startTicks() + "-" + random);
    }

    /** Who fills the file of that name; empty if it is none of these names. */
    static Optional<Peer> maker(String name) {
        Matcher matcher = PATTERN.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Peer(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        "",
                        0,
                        -1,
                        -1));
    }
}
