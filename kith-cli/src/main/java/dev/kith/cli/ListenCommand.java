// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;

/** {@code kith listen}. */
final class ListenCommand implements Command {
    private static final Option KEEP = Option.flag("--keep", "go on with the next peer");

    @Override
    public Usage usage() {
        return Usage.of(
                        "listen",
                        "URI",
                        1,
                        1,
                        "wait for a peer and pass raw bytes between it and this terminal")
                .options(KEEP)
                .examples(
                        "kith listen tcp://localhost:9999",
                        "kith listen unix:/tmp/talk --keep > log")
                .details(
                        "The other side is kith connect, netcat, a browser, a Python script."
                                + " tcp://localhost:0 picks a free port and says which.");
    }

    @Override
    public int run(Arguments arguments, Output out) throws InterruptedException {
        Endpoint endpoint = Endpoint.forBytes(arguments.word(0), "listen");
        boolean keep = arguments.has(KEEP);
        StandardInput in = new StandardInput();
        Listener<byte[]> listener = endpoint.listen();
        try (AtExit.Undo _ = AtExit.run(listener::close)) {
            endpoint.announce(listener, out);
            do {
                Channel<byte[]> peer = listener.accept();
                try {
                    Conversation.hold(peer, in, out);
                } catch (IpcException lost) {
                    if (!keep) {
                        throw lost;
                    }
                    out.note(out.errorPrefix() + lost.getMessage());
                }
            } while (keep);
        }
        return 0;
    }
}
