// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.TimedOut;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The URI of a command line, with what the command line adds to it.
 *
 * @param uri as it was given
 * @param address with the framing filled in
 * @param transport of its scheme
 */
record Endpoint(String uri, Address address, Transport transport) {
    static final Option LISTEN =
            Option.flag("--listen", "bind and take one peer, where others would connect");
    static final Option FRAMING =
            Option.value(
                    "--framing",
                    "lines|length|raw",
                    "how messages are kept apart on a stream (lines)");

    private static final String FRAMING_OPTION = "framing";
    private static final String AHEAD_OPTION = "ahead";
    private static final Set<String> FRAMINGS = Set.of("lines", "length", "raw");

    /**
     * The URI for messages: lines on a stream, because the other side is a shell more often than
     * not.
     */
    static Endpoint forMessages(String uri, Arguments arguments) {
        Endpoint endpoint = parse(uri);
        Optional<String> wanted = arguments.text(FRAMING);
        if (wanted.isPresent()) {
            if (!FRAMINGS.contains(wanted.get())) {
                throw new IllegalArgumentException(
                        FRAMING.name() + " " + wanted.get() + ": known are lines length raw");
            }
            endpoint.require(
                    FRAMING_OPTION.equals(endpoint.framingOption()), FRAMING.name(), Trait.STREAM);
        }
        if (arguments.has(LISTEN)) {
            endpoint.require(Trait.CONNECTS, LISTEN.name());
        }
        return endpoint.framed(wanted.orElse("lines"), wanted.isPresent());
    }

    /** The URI for bytes as they come, between two sides that are connected. */
    static Endpoint forBytes(String uri, String command) {
        Endpoint endpoint = parse(uri);
        endpoint.require(Trait.CONNECTS, command);
        return endpoint.framed("raw", true);
    }

    private static Endpoint parse(String uri) {
        Address address = Address.parse(uri);
        return new Endpoint(uri, address, Transports.of(address));
    }

    boolean has(Trait trait) {
        return transport.traits().contains(trait);
    }

    /** Refuses what only other mechanisms can do, and says which. */
    void require(Trait trait, String what) {
        require(has(trait), what, trait);
    }

    Codec<byte[]> codec() {
        return has(Trait.FIXED_8) ? new DecimalCodec() : Codec.bytes();
    }

    Sender<byte[]> sender(Arguments arguments, Output out) throws InterruptedException {
        if (!has(Trait.CONNECTS)) {
            return Sender.open(address.toString(), codec());
        }
        return arguments.has(LISTEN) ? accept(Optional.empty(), out) : connect();
    }

    Receiver<byte[]> receiver(Arguments arguments, Optional<Duration> timeout, Output out)
            throws InterruptedException {
        if (!has(Trait.CONNECTS)) {
            Receiver<byte[]> receiver = Receiver.open(address.toString(), codec());
            if (has(Trait.BINDS)) {
                // The name that it took goes by Ctrl-C too.
                AtExit.run(receiver::close);
            }
            String picked = shown(receiver.address());
            if (!picked.equals(uri) || has(Trait.BINDS)) {
                out.note("receiving on " + picked);
            }
            return receiver;
        }
        return arguments.has(LISTEN) ? accept(timeout, out) : connect();
    }

    Channel<byte[]> connect() {
        return Channel.open(address.toString(), codec());
    }

    /** Binds, and says where: the port may have been picked. */
    Listener<byte[]> listen() {
        return Listener.open(address.toString(), codec());
    }

    /** Says that others may connect; after what an interrupt must undo is known. */
    void announce(Listener<byte[]> listener, Output out) {
        out.note("listening on " + shown(listener.address()));
    }

    /**
     * The address for people and scripts: what was picked filled in, what this command line added
     * left out.
     */
    String shown(Address picked) {
        if (picked.equals(address)) {
            return uri;
        }
        Map<String, String> options = new LinkedHashMap<>(picked.options());
        if (!Address.parse(uri).options().containsKey(FRAMING_OPTION)) {
            options.remove(FRAMING_OPTION);
        }
        return new Address(picked.scheme(), picked.path(), options).toString();
    }

    /** Takes one peer; the name goes as soon as it is there, and by Ctrl-C too. */
    private Channel<byte[]> accept(Optional<Duration> timeout, Output out)
            throws InterruptedException {
        Listener<byte[]> listener = listen();
        try (AtExit.Undo _ = AtExit.run(listener::close)) {
            announce(listener, out);
            if (timeout.isEmpty()) {
                return listener.accept();
            }
            return listener.accept(timeout.get())
                    .orElseThrow(() ->
                            new TimedOut(
                                    "nobody connected to "
                                            + uri
                                            + " within "
                                            + Durations.print(timeout.get())));
        }
    }

    private Endpoint framed(String framing, boolean insist) {
        if (framingOption().isEmpty()) {
            return this;
        }
        String given = address.options().get(FRAMING_OPTION);
        if (given != null) {
            if (insist && !given.equals(framing)) {
                throw new IllegalArgumentException(
                        uri
                                + ": framing="
                                + given
                                + " in the address, but "
                                + framing
                                + " is needed here");
            }
            return this;
        }
        Map<String, String> options = new LinkedHashMap<>(address.options());
        options.put(FRAMING_OPTION, framing);
        return new Endpoint(uri, new Address(address.scheme(), address.path(), options), transport);
    }

    /**
     * Where it has the choice: whether to read ahead. What is read and not printed would be lost to
     * the next command.
     */
    Endpoint readingAhead(boolean ahead) {
        if (!transport.options().containsKey(AHEAD_OPTION)
                || address.options().containsKey(AHEAD_OPTION)) {
            return this;
        }
        return new Endpoint(
                uri, address.withOption(AHEAD_OPTION, String.valueOf(ahead)), transport);
    }

    /** A stream of our own has the option; one with a framing of its own, or messages, has not. */
    private String framingOption() {
        return transport.options().containsKey(FRAMING_OPTION) ? FRAMING_OPTION : "";
    }

    private void require(boolean met, String what, Trait trait) {
        if (met) {
            return;
        }
        StringJoiner known = new StringJoiner(" ");
        known.setEmptyValue("no mechanism");
        for (Transport other : Transports.all()) {
            if (other.traits().contains(trait)) {
                known.add(other.scheme() + ":");
            }
        }
        throw new IllegalArgumentException(
                uri
                        + ": no "
                        + what
                        + " on "
                        + transport.scheme()
                        + ": ("
                        + transport.summary()
                        + "); it is there on: "
                        + known);
    }
}
