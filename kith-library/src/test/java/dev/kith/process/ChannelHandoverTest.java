// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.PeerDied;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.codec.Codec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of channels for mechanisms without a name, whose ends reach a child by being
 * captured.
 */
@Timeout(120)
class ChannelHandoverTest {
    static List<Transport> allPairs() {
        return Transports.all().stream()
                .filter(each -> each.traits().contains(Trait.PAIRS))
                .toList();
    }

    /** Those whose ends see that the other one is gone: a counter has nobody at its end. */
    static List<Transport> pairs() {
        return allPairs().stream().filter(each -> each.traits().contains(Trait.STREAM)).toList();
    }

    static List<Transport> duplexPairs() {
        return allPairs().stream().filter(each -> each.traits().contains(Trait.DUPLEX)).toList();
    }

    static List<Transport> sharedPairs() {
        return pairs().stream().filter(each -> each.traits().contains(Trait.MANY_WRITERS)).toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldReceiveWhatAChildSentBeforeItWasKilledAndThenTheEnd(Transport transport)
            throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(transport.scheme() + ":", Codec.longs());
                Worker child = Worker.start()) {
            Sender<Long> theirs = pair.sender();
            child.run(() -> {
                for (long i = 1; i <= 9; i++) {
                    theirs.send(i);
                }
            });
            child.kill();
            for (long i = 1; i <= 9; i++) {
                assertThat(pair.receiver().receive()).isEqualTo(i);
            }
            assertThatThrownBy(pair.receiver()::receive)
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("ended");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldTellASenderWhoseChildWasKilled(Transport transport) throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(transport.scheme() + ":", Codec.longs());
                Worker child = Worker.start()) {
            Receiver<Long> theirs = pair.receiver();
            pair.sender().send(7L);
            assertThat(child.run(() -> theirs.receive())).isEqualTo(7L);
            child.kill();
            child.join();
            assertThatThrownBy(() -> pair.sender().send(8L)).isInstanceOf(PeerDied.class);
        }
    }

    @ParameterizedTest
    @MethodSource("allPairs")
    void shouldHandAnEndOverOnceUnlessItIsShared(Transport transport) throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(transport.scheme() + ":", Codec.longs());
                Worker first = Worker.start();
                Worker second = Worker.start()) {
            Sender<Long> theirs = pair.sender();
            first.run(() -> theirs.send(1L));
            assertThatThrownBy(() -> second.run(() -> theirs.send(2L)))
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> theirs.send(3L)).isInstanceOf(Closed.class);
            assertThat(pair.receiver().receive()).isEqualTo(1L);
        }
    }

    @ParameterizedTest
    @MethodSource("duplexPairs")
    void shouldAnswerAChildThatHasTheOtherEnd(Transport transport) throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(transport.scheme() + ":", Codec.longs())) {
            Channel<Long> theirs = pair.second();
            try (Worker child =
                    Worker.start(() -> {
                        for (long asked = theirs.receive(); asked != 0; asked = theirs.receive()) {
                            theirs.send(asked + 1);
                        }
                        theirs.end();
                    })) {
                for (long i = 1; i <= 1000; i++) {
                    pair.first().send(i);
                    assertThat(pair.first().receive()).isEqualTo(i + 1);
                }
                pair.first().send(0L);
                assertThatThrownBy(pair.first()::receive)
                        .isInstanceOf(Closed.class)
                        .hasMessageContaining("ended");
                child.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sharedPairs")
    void shouldKeepTheMessagesOfSeveralChildrenWhole(Transport transport) throws Exception {
        int each = 10_000;
        String uri = transport.shared(transport.fresh(Path.of("."))).toString();
        int most = (int) transport.maxMessageBytes(Address.parse(uri));
        try (ChannelPair<byte[]> pair = Channel.pair(uri, Codec.bytes())) {
            Sender<byte[]> theirs = pair.sender();
            List<Worker> children = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                int from = c * each;
                children.add(
                        Worker.start(() -> {
                            for (int i = from; i < from + each; i++) {
                                theirs.send(message(i, 4 + (int) (i * 7919L % (most - 3))));
                            }
                        }));
            }
            BitSet seen = new BitSet();
            for (int i = 0; i < 4 * each; i++) {
                byte[] message = pair.receiver().receive();
                int id = (message[0] & 0xff) << 16 | (message[1] & 0xff) << 8 | message[2] & 0xff;
                assertThat(message).isEqualTo(message(id, message.length));
                seen.set(id);
            }
            assertThat(seen.cardinality()).isEqualTo(4 * each);
            for (Worker child : children) {
                child.join();
            }
            theirs.close();
            assertThatThrownBy(pair.receiver()::receive).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("sharedPairs")
    void shouldRefuseWhatSeveralProcessesCouldNotSendWhole(Transport transport) throws Exception {
        String uri = transport.shared(transport.fresh(Path.of("."))).toString();
        int most = (int) transport.maxMessageBytes(Address.parse(uri));
        try (ChannelPair<byte[]> pair = Channel.pair(uri, Codec.bytes())) {
            assertThatThrownBy(() -> pair.sender().send(new byte[most + 1]))
                    .hasMessageContaining(
                            "message too large: length=" + (most + 1) + ", limit=" + most);
        }
    }

    private static byte[] message(int id, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) (id * 31 + length));
        message[0] = (byte) (id >> 16);
        message[1] = (byte) (id >> 8);
        message[2] = (byte) id;
        return message;
    }
}
