// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Peer;
import java.nio.file.Path;
import java.util.List;

/**
 * Something in shared memory that dead processes have left behind.
 *
 * @param uri how {@code kith rm} and {@code kith info} name it
 * @param path where it is
 * @param kind what it was: {@code SPSC ring}, {@code broadcast}, {@code lock}, {@code queue}, say;
 *     {@code unfinished} if whoever made it died over it
 * @param sizeBytes how many bytes it takes
 * @param dead the processes that were attached to it, or made it, and have ended
 */
public record Leftover(String uri, Path path, String kind, long sizeBytes, List<Peer> dead) {
    /** Copies the list. */
    public Leftover {
        dead = List.copyOf(dead);
    }
}
