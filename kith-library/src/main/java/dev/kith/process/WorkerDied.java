// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Peer;
import dev.kith.PeerDied;
import java.util.Optional;

/**
 * The child ended before it had finished the task; the message says which child, which task and
 * how.
 */
public class WorkerDied extends PeerDied {
    private static final long serialVersionUID = 1L;

    /** The exit code, or minus the signal. */
    private final int code;

    /**
     * Makes the exception.
     *
     * @param message the whole sentence
     * @param peer the child, as it was while it ran
     * @param status how it ended
     */
    public WorkerDied(String message, Optional<Peer> peer, ExitStatus status) {
        super(message, "", 0, peer);
        this.code = status.code();
    }

    /**
     * How the child ended.
     *
     * @return its exit code or signal
     */
    public ExitStatus exitStatus() {
        return new ExitStatus(code);
    }
}
