// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.channel.Address;
import dev.kith.channel.Trait;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Prints messages, each on a line: as they are, in hex, or as JSON. */
final class MessagePrinter {
    static final Option HEX = Option.flag("--hex", "print each message in hex");

    private final Endpoint endpoint;
    private final Arguments arguments;
    private final Output out;

    MessagePrinter(Endpoint endpoint, Arguments arguments, Output out) {
        arguments.atMostOneOf(HEX, Option.JSON);
        this.endpoint = endpoint;
        this.arguments = arguments;
        this.out = out;
    }

    /**
     * Prints one message and passes it on at once.
     *
     * @param uri where it came from
     * @param remote where the other side is, if it is anywhere
     * @param peer who the other side is, if the message itself does not say
     */
    void print(Message<byte[]> message, String uri, Optional<Address> remote, Optional<Peer> peer) {
        if (arguments.has(Option.JSON)) {
            out.line(Json.of(json(message, uri, remote, message.peer().or(() -> peer))));
        } else if (arguments.has(HEX)) {
            out.line(HexFormat.of().formatHex(message.value()));
        } else {
            out.line(message.value());
        }
        out.flush();
    }

    private Map<String, Object> json(
            Message<byte[]> message, String uri, Optional<Address> remote, Optional<Peer> peer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("uri", uri);
        json.put("length", message.lengthBytes());
        String text = utf8(message.value());
        if (text != null) {
            json.put("text", text);
        } else {
            json.put("base64", Base64.getEncoder().encodeToString(message.value()));
        }
        if (endpoint.has(Trait.PRIORITY)) {
            json.put("priority", message.priority());
        }
        if (endpoint.has(Trait.TYPES)) {
            json.put("type", message.type());
        }
        if (endpoint.has(Trait.ACKNOWLEDGED)) {
            json.put("redelivered", message.redelivered());
        }
        if (peer.isPresent() || remote.isPresent()) {
            json.put("peer", peer(peer, remote));
        }
        return json;
    }

    private static Map<String, Object> peer(Optional<Peer> peer, Optional<Address> remote) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (peer.isPresent()) {
            json.put("pid", peer.get().pid());
            if (peer.get().uid() >= 0) {
                json.put("uid", peer.get().uid());
            }
            if (peer.get().gid() >= 0) {
                json.put("gid", peer.get().gid());
            }
        }
        if (remote.isPresent()) {
            json.put("address", remote.get().toString());
        }
        return json;
    }

    /** The text, or null if the bytes are none. */
    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
