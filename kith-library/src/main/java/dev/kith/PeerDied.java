// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.util.Optional;

/**
 * The other side of an operation ended before the operation did (EPIPE, ECONNRESET, a killed
 * child).
 */
public class PeerDied extends IpcException {
    private static final long serialVersionUID = 1L;

    /** Who died, if known. */
    private final transient Peer peer;

    /**
     * Makes the exception.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments, or an empty string
     * @param errno the error number of errno(3), or 0
     * @param peer who died, or empty if that is not known
     */
    public PeerDied(String message, String call, int errno, Optional<Peer> peer) {
        super(message, call, errno);
        this.peer = peer.orElse(null);
    }

    /**
     * Who died.
     *
     * @return the process, or empty if the mechanism does not tell
     */
    public final Optional<Peer> peer() {
        return Optional.ofNullable(peer);
    }
}
