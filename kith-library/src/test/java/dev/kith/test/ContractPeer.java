// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;

/** The other process of {@link TransportProcessConformance}. */
public final class ContractPeer {
    private ContractPeer() {}

    /** What to do, and where. */
    public static void main(String[] arguments) throws Exception {
        String uri = arguments[1];
        switch (arguments[0]) {
            case "send-longs" -> {
                // Says so when they are sent, then stays until it is killed.
                Sender<Long> sender = Sender.open(uri, Codec.longs());
                for (long i = 1; i <= Long.parseLong(arguments[2]); i++) {
                    sender.send(i);
                }
                say("sent");
                Thread.sleep(60_000);
            }
            case "receive-one" -> {
                Receiver<Long> receiver = Receiver.open(uri, Codec.longs());
                say("ready");
                receiver.receive();
                say("received");
                Thread.sleep(60_000);
            }
            case "send-patterns" -> {
                int from = Integer.parseInt(arguments[2]);
                int count = Integer.parseInt(arguments[3]);
                int most = Integer.parseInt(arguments[4]);
                try (Sender<byte[]> sender = Sender.open(uri, Codec.bytes())) {
                    for (int i = from; i < from + count; i++) {
                        sender.send(Pattern.of(i, 1 + (int) (i * 7919L % most)));
                    }
                }
                say("sent");
            }
            case "receive-patterns" -> {
                int count = 0;
                long sum = 0;
                try (Receiver<byte[]> receiver = Receiver.open(uri, Codec.bytes())) {
                    say("ready");
                    for (byte[] message = receiver.receive();
                            message.length > 0;
                            message = receiver.receive()) {
                        sum += Pattern.check(message);
                        count++;
                    }
                }
                say(count + " " + sum);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
