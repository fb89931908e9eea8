// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.codec.Codec;
import dev.kith.linux.Fd;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The other process of {@link FdPassingTest}: reads the first line of a file, sends the file. */
public final class FdPassingPeer {
    private FdPassingPeer() {}

    /** Where to, and which file. */
    public static void main(String[] arguments) throws Exception {
        Sender<Object> sender = Sender.open(arguments[0], Codec.objects());
        try (Arena arena = Arena.ofConfined()) {
            Fd file = Fd.open(Path.of(arguments[1]), StandardOpenOption.READ);
            if (file.read(arena.allocate("first line\n".length())) != "first line\n".length()) {
                throw new IllegalStateException("a file that is too short");
            }
            sender.send(Map.of("file", file, "path", arguments[1]));
        }
        Thread.sleep(60_000);
    }
}
