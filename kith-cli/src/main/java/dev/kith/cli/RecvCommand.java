// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.TimedOut;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import java.time.Duration;
import java.util.Optional;

/** {@code kith recv}. */
final class RecvCommand implements Command {
    private static final Option NUMBER =
            Option.value("--number", "N", "how many messages to receive (1)").or("-n");
    private static final Option FOLLOW =
            Option.flag("--follow", "receive until the stream ends").or("-f");
    private static final Option TIMEOUT =
            Option.value(
                    "--timeout",
                    "D",
                    "how long to wait for a message, as 500ms or 2s; then exit status 1");

    @Override
    public Usage usage() {
        return Usage.of("recv", "URI", 1, 1, "receive messages, each printed on a line")
                .options(
                        NUMBER,
                        FOLLOW,
                        TIMEOUT,
                        MessagePrinter.HEX,
                        Option.JSON,
                        Endpoint.LISTEN,
                        Endpoint.FRAMING)
                .examples(
                        "kith create mq:/jobs && kith send mq:/jobs hello && kith recv mq:/jobs",
                        "kith recv mq:/jobs --follow --json",
                        "kith recv tcp://localhost:9999 --listen -n 2 --timeout 10s")
                .details(
                        """
                        --json prints an object a line: uri, length, text (or base64 where it is not UTF-8), and what
                        the mechanism adds: priority, type, peer.\
                        """);
    }

    @Override
    public int run(Arguments arguments, Output out) throws InterruptedException {
        arguments.atMostOneOf(NUMBER, FOLLOW);
        boolean follow = arguments.has(FOLLOW);
        Endpoint endpoint = Endpoint.forMessages(arguments.word(0), arguments).readingAhead(follow);
        MessagePrinter printer = new MessagePrinter(endpoint, arguments, out);
        long wanted = arguments.number(NUMBER, 1, 1);
        Optional<Duration> timeout = arguments.duration(TIMEOUT);
        try (Receiver<byte[]> receiver = endpoint.receiver(arguments, timeout, out)) {
            String uri = endpoint.shown(receiver.address());
            Optional<Address> remote =
                    receiver instanceof Channel<byte[]> channel
                            ? channel.remote()
                            : Optional.empty();
            Optional<Peer> peer =
                    receiver instanceof Channel<byte[]> channel ? channel.peer() : Optional.empty();
            for (long taken = 0; follow || taken < wanted; taken++) {
                Optional<Message<byte[]>> message;
                try {
                    message = take(receiver, timeout, uri);
                } catch (Closed closed) {
                    if (!receiver.isEnded()) {
                        throw closed;
                    }
                    message = Optional.empty();
                }
                if (message.isEmpty()) {
                    return follow ? 0 : shortOf(wanted, taken, uri);
                }
                printer.print(message.get(), uri, remote, peer);
                message.get().acknowledge();
            }
        }
        return 0;
    }

    private static Optional<Message<byte[]>> take(
            Receiver<byte[]> receiver, Optional<Duration> timeout, String uri)
            throws InterruptedException {
        if (timeout.isEmpty()) {
            return Optional.of(receiver.receiveMessage());
        }
        Optional<Message<byte[]>> message = receiver.tryReceiveMessage(timeout.get());
        if (message.isEmpty()) {
            throw new TimedOut(
                    "no message from " + uri + " within " + Durations.print(timeout.get()));
        }
        return message;
    }

    private static int shortOf(long wanted, long taken, String uri) {
        throw new Closed(uri + ": the stream ended after " + taken + " of " + wanted + " messages");
    }
}
