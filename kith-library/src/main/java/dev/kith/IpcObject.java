// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a listing shows of one IPC object, whoever made it.
 *
 * @param kind the kind of object, for example {@code mq}, {@code sysvshm}: one of {@link
 *     Inventory#kinds()}
 * @param uri how to name it to {@code kith info}, {@code kith rm} or {@code Channel.open}
 * @param owner the name of the user who owns it, or the number if there is no name
 * @param mode the permission bits, for example 0600; -1 if the mechanism has none
 * @param sizeBytes how many bytes it holds or reserves; -1 if unknown
 * @param depth how many messages wait in it, or the value of a semaphore; -1 if it has no such
 *     thing
 * @param modified when it was last used or changed; empty if the kernel does not say
 * @param users the processes known to use it now; may be incomplete without privilege
 * @param stale whether it is left over: it was ours and every process that used it is dead
 * @param details whatever else is known, in the order in which to show it
 */
public record IpcObject(
        String kind,
        String uri,
        String owner,
        int mode,
        long sizeBytes,
        long depth,
        Optional<Instant> modified,
        List<Peer> users,
        boolean stale,
        Map<String, String> details) {

    /** Copies the collections. */
    public IpcObject {
        users = List.copyOf(users);
        details = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(details));
    }
}
