// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one receive on a Unix socket has brought besides the bytes, which are in the buffer.
 *
 * <pre>{@code
 * try (UnixMessage message = socket.receive(buffer)) {
 *     log(message.peer(), buffer.asSlice(0, message.length()));
 *     files.addAll(message.takeDescriptors());
 * }
 * }</pre>
 *
 * <p>Closing it closes the descriptors that nobody has taken.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixMessage implements AutoCloseable {
    private final int length;
    private final boolean end;
    private final List<Fd> descriptors;
    private final int[] credentials;
    private final String sender;
    private Optional<Peer> peer;

    /**
     * What came.
     *
     * @param credentials pid, uid and gid of the sender, or null
     * @param sender its name, or an empty string
     */
    UnixMessage(int length, boolean end, List<Fd> descriptors, int[] credentials, String sender) {
        this.length = length;
        this.end = end;
        this.descriptors = descriptors.isEmpty() ? List.of() : new ArrayList<>(descriptors);
        this.credentials = credentials;
        this.sender = sender;
    }

    /**
     * How many bytes were received.
     *
     * @return bytes from the start of the buffer; 0 for an empty packet and at the end
     */
    public int length() {
        return length;
    }

    /**
     * Whether this is no message but the end: the other side has closed or shut down its output.
     *
     * @return true at the end of a stream or of a sequence of packets; of datagrams when this side
     *     has shut down its input
     */
    public boolean isEnd() {
        return end;
    }

    /**
     * The open files that were passed along, close-on-exec. They are closed with this message.
     *
     * @return those that nobody has taken, in the order in which they were passed
     */
    public synchronized List<Fd> descriptors() {
        return List.copyOf(descriptors);
    }

    /**
     * Takes the open files that were passed along: they are the caller's to close.
     *
     * @return those that nobody has taken yet, in the order in which they were passed
     */
    public synchronized List<Fd> takeDescriptors() {
        if (descriptors.isEmpty()) {
            return List.of();
        }
        List<Fd> taken = List.copyOf(descriptors);
        descriptors.clear();
        return taken;
    }

    /**
     * Who sent this message, as the kernel saw it then (SCM_CREDENTIALS). When it started is looked
     * up when this is first asked.
     *
     * @return the process, also if it has ended since ({@link Peer#ended}); empty unless {@code
     *     options().passCredentials(true)} was said before it was sent, or if the sender is in a
     *     pid namespace that this process does not see
     */
    public synchronized Optional<Peer> peer() {
        if (peer == null) {
            // What was sent before the kernel was asked has the pid 0.
            peer =
                    credentials == null || credentials[0] == 0
                            ? Optional.empty()
                            : Optional.of(
                                    UnixPeer.of(credentials[0], credentials[1], credentials[2]));
        }
        return peer;
    }

    /**
     * The name of the socket that sent it.
     *
     * @return a path or {@code @name}; empty if it has none
     */
    public Optional<String> sender() {
        return Optional.of(sender).filter(name -> !name.isEmpty());
    }

    /** Closes the descriptors that nobody has taken. */
    @Override
    public void close() {
        takeDescriptors().forEach(Fd::close);
    }

    @Override
    public String toString() {
        return end
                ? "the end"
                : "message of "
                        + length
                        + " bytes"
                        + sender().map(name -> " from " + name).orElse("")
                        + peer().map(process -> " by " + process).orElse("");
    }
}
