// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.TimedOut;
import dev.kith.channel.SendOption;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kith send}. */
final class SendCommand implements Command {
    private static final Option FILE =
            Option.value(
                    "--file",
                    "F",
                    "send the contents of a file as one message (- is standard input)");
    private static final Option COUNT =
            Option.value("--count", "N", "send each message N times (1)");
    private static final Option PRIORITY =
            Option.value("--priority", "N", "overtake messages of a lower priority (0)");
    private static final Option TYPE =
            Option.value("--type", "N", "a type for which a receiver may ask (1)");
    private static final Option TIMEOUT =
            Option.value(
                    "--timeout", "D", "how long to wait for room for a message, as 500ms or 2s");

    @Override
    public Usage usage() {
        return Usage.of(
                        "send",
                        "URI [TEXT…]",
                        1,
                        Usage.ANY,
                        "send each argument, or each line of standard input")
                .options(FILE, COUNT, PRIORITY, TYPE, TIMEOUT, Endpoint.LISTEN, Endpoint.FRAMING)
                .examples(
                        "kith create mq:/jobs && kith send mq:/jobs first second",
                        "seq 5 | kith send mq:/jobs",
                        "kith send mq:/jobs --priority 9 urgent",
                        "kith send tcp://localhost:9999 'Hello, world!'")
                .details(
                        """
                        Every TEXT is a message. Without any, every line of standard input is one. What begins with a
                        dash stands after --. Where messages are numbers (signal:), the text is one: 42, 0x2a, -1.\
                        """);
    }

    @Override
    public int run(Arguments arguments, Output out) throws IOException, InterruptedException {
        Endpoint endpoint = Endpoint.forMessages(arguments.word(0), arguments);
        SendOption[] options = options(endpoint, arguments);
        long count = arguments.number(COUNT, 1, 1);
        Optional<Duration> timeout = arguments.duration(TIMEOUT);
        List<String> texts = arguments.words().subList(1, arguments.words().size());
        Optional<String> file = arguments.text(FILE);
        if (file.isPresent() && !texts.isEmpty()) {
            throw new IllegalArgumentException(
                    FILE.name() + " and TEXT contradict each other: give one of them");
        }
        byte[] contents = file.isPresent() ? contents(file.get()) : null;
        try (Sender<byte[]> sender = endpoint.sender(arguments, out)) {
            Delivery delivery = new Delivery(endpoint, sender, options, count, timeout);
            if (contents != null) {
                delivery.send(contents);
            } else if (!texts.isEmpty()) {
                for (String text : texts) {
                    delivery.send(text.getBytes(StandardCharsets.UTF_8));
                }
            } else {
                sendLines(delivery);
            }
            if (endpoint.has(Trait.CONNECTS)) {
                sender.end();
            }
        }
        return 0;
    }

    /** How each message goes. */
    private record Delivery(
            Endpoint endpoint,
            Sender<byte[]> sender,
            SendOption[] options,
            long count,
            Optional<Duration> timeout) {
        void send(byte[] message) throws InterruptedException {
            for (long i = 0; i < count; i++) {
                if (timeout.isEmpty()) {
                    sender.send(message, options);
                } else if (!sender.trySend(message, timeout.get(), options)) {
                    throw new TimedOut(full(endpoint.uri(), message.length, timeout.get()));
                }
            }
        }
    }

    private static String full(String uri, int length, Duration timeout) {
        String call = "send(" + uri + ", length=" + length + "): ";
        String found = "no room within " + Durations.print(timeout);
        long waiting = Inventories.info(uri).map(IpcObject::depth).orElse(-1L);
        if (waiting >= 0) {
            found += ", " + waiting + " messages wait";
        }
        return call + found + "; take messages out with: kith recv " + uri;
    }

    private static SendOption[] options(Endpoint endpoint, Arguments arguments) {
        List<SendOption> options = new ArrayList<>();
        if (arguments.has(PRIORITY)) {
            endpoint.require(Trait.PRIORITY, PRIORITY.name());
            options.add(
                    SendOption.priority(
                            (int) Math.min(arguments.number(PRIORITY, 0, 0), Integer.MAX_VALUE)));
        }
        if (arguments.has(TYPE)) {
            endpoint.require(Trait.TYPES, TYPE.name());
            options.add(SendOption.type(arguments.number(TYPE, 1, 1)));
        }
        return options.toArray(SendOption[]::new);
    }

    private static byte[] contents(String file) throws IOException {
        if (file.equals("-")) {
            return new FileInputStream(FileDescriptor.in).readAllBytes();
        }
        try (InputStream in = new FileInputStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            // FileInputStream says the name and the reason: "jobs.txt (No such file or directory)".
            throw new IpcException("cannot read " + e.getMessage(), e);
        }
    }

    private static void sendLines(Delivery delivery) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                delivery.send(line.toByteArray());
                line.reset();
            } else {
                line.write(b);
            }
        }
        if (line.size() > 0) {
            delivery.send(line.toByteArray());
        }
    }
}
