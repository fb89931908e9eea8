// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

/** {@code kith connect}. */
final class ConnectCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of(
                        "connect",
                        "URI",
                        1,
                        1,
                        "connect and pass raw bytes between the peer and this terminal")
                .examples(
                        "kith connect tcp://localhost:9999",
                        "echo hello | kith connect unix:/tmp/talk")
                .details(
                        "The end of standard input ends what the peer reads, not what it still"
                                + " sends: the command goes on until the peer ends.");
    }

    @Override
    public int run(Arguments arguments, Output out) throws InterruptedException {
        Endpoint endpoint = Endpoint.forBytes(arguments.word(0), "connect");
        Conversation.hold(endpoint.connect(), new StandardInput(), out);
        return 0;
    }
}
