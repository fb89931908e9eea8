// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kith.Closed;
import dev.kith.PeerDied;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every mechanism with a name does alike between processes, one of which is killed, to be run
 * over transports of your own: extend it, and say which. The other processes are JVMs with the
 * class path of this one. Mechanisms without a name ({@link Trait#PAIRS}) reach another process
 * only by hand-over; they are left out.
 *
 * <p>Takes JUnit Jupiter with its parameterised tests, 5 or 6, and AssertJ 3.
 */
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
public abstract class TransportProcessConformance {
    private static final int PROCESSES = 4;
    private static final int EACH = 10_000;

    /**
     * The transports to be tested.
     *
     * @return one or more
     */
    protected abstract List<Transport> transports();

    /** Each, with all sorts of addresses that it has. */
    List<Transport> named() {
        return Aspect.all(transports()).stream()
                .filter(each -> !each.traits().contains(Trait.PAIRS))
                .toList();
    }

    List<Transport> broadcasts() {
        return Aspect.broadcasts(transports());
    }

    List<Transport> manyWriters() {
        return named().stream()
                .filter(each -> each.traits().contains(Trait.MANY_WRITERS))
                .filter(each -> !each.traits().contains(Trait.CONNECTS))
                .filter(each -> !each.traits().contains(Trait.FIXED_8))
                .toList();
    }

    List<Transport> manyReaders() {
        return manyWriters().stream()
                .filter(each -> each.traits().contains(Trait.MANY_READERS))
                .toList();
    }

    /** Those whose address is neither a process nor a listener. */
    List<Transport> apartFromTheirReceiver() {
        return named().stream()
                .filter(each -> !each.traits().contains(Trait.CONNECTS))
                .filter(each ->
                        each.traits().contains(Trait.STREAM)
                                || each.traits().contains(Trait.PERSISTENT))
                .toList();
    }

    List<Transport> connecting() {
        return named().stream().filter(each -> each.traits().contains(Trait.CONNECTS)).toList();
    }

    @ParameterizedTest
    @MethodSource("named")
    void shouldReceiveWhatASenderSentBeforeItWasKilled(Transport transport) throws Exception {
        try (Place place = Place.of(transport);
                Receiving<Long> receiving = place.receive(Codec.longs());
                OtherJvm child =
                        OtherJvm.start(ContractPeer.class, "send-longs", receiving.uri(), "9")) {
            Receiver<Long> receiver = receiving.receiver();
            assertThat(child.line()).isEqualTo("sent");
            child.kill();
            for (long i = 1; i <= 9; i++) {
                assertThat(receiver.receive()).isEqualTo(i);
            }
            if (transport.traits().contains(Trait.STREAM)
                    || transport.traits().contains(Trait.CONNECTS)) {
                assertThatThrownBy(receiver::receive)
                        .isInstanceOf(Closed.class)
                        .hasMessageContaining("ended");
            } else {
                assertThat(receiver.tryReceive(Duration.ofMillis(30))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("apartFromTheirReceiver")
    void shouldTellASenderWhoseReceiverWasKilledOrKeepTheMessages(Transport transport)
            throws Exception {
        try (Place place = Place.of(transport);
                OtherJvm child = OtherJvm.start(ContractPeer.class, "receive-one", place.uri())) {
            assertThat(child.line()).isEqualTo("ready");
            try (Sender<Long> sender = Sender.open(place.uri(), Codec.longs())) {
                sender.send(1L);
                assertThat(child.line()).isEqualTo("received");
                child.kill();
                if (transport.traits().contains(Trait.PERSISTENT)) {
                    sender.send(2L);
                    try (Receiver<Long> next = Receiver.open(place.uri(), Codec.longs())) {
                        assertThat(next.receive()).isEqualTo(2L);
                    }
                } else {
                    assertThatThrownBy(() -> sender.send(2L)).isInstanceOf(PeerDied.class);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("connecting")
    void shouldTellASenderWhoseConnectedReceiverWasKilled(Transport transport) throws Exception {
        try (Place place = Place.of(transport);
                Listener<Long> listener = Listener.open(place.uri(), Codec.longs());
                OtherJvm child =
                        OtherJvm.start(
                                ContractPeer.class, "receive-one", listener.address().toString());
                Channel<Long> channel = listener.accept()) {
            channel.send(1L);
            assertThat(child.line()).isEqualTo("ready");
            assertThat(child.line()).isEqualTo("received");
            if (transport.traits().contains(Trait.CREDENTIALS)) {
                assertThat(channel.peer().orElseThrow().pid()).isEqualTo(child.pid());
            }
            child.kill();
            // The first one may still go into the buffer of a network connection.
            Throwable thrown = null;
            for (int i = 0; i < 1000 && thrown == null; i++) {
                Thread.sleep(1);
                thrown = catchThrowable(() -> channel.send(2L));
            }
            assertThat(thrown).isInstanceOf(PeerDied.class);
        }
    }

    @ParameterizedTest
    @MethodSource("manyWriters")
    void shouldKeepTheMessagesOfSeveralProcessesWhole(Transport transport) throws Exception {
        try (Place place = Place.shared(transport);
                Receiving<byte[]> receiving = place.receive(Codec.bytes())) {
            int most = (int) Math.min(256 * 1024, transport.maxMessageBytes(place.address()));
            List<OtherJvm> children = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                children.add(
                        OtherJvm.start(
                                ContractPeer.class,
                                "send-patterns",
                                receiving.uri(),
                                String.valueOf(i * EACH),
                                String.valueOf(EACH),
                                String.valueOf(most)));
            }
            BitSet seen = new BitSet();
            for (int i = 0; i < PROCESSES * EACH; i++) {
                seen.set(Pattern.check(receiving.receiver().receive()));
            }
            assertThat(seen.cardinality()).isEqualTo(PROCESSES * EACH);
            for (OtherJvm child : children) {
                assertThat(child.line()).isEqualTo("sent");
                assertThat(child.waitFor()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("manyReaders")
    void shouldGiveEachMessageToOneOfSeveralProcesses(Transport transport) throws Exception {
        int count = 4000;
        try (Place place = Place.shared(transport)) {
            List<OtherJvm> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                children.add(OtherJvm.start(ContractPeer.class, "receive-patterns", place.uri()));
            }
            for (OtherJvm child : children) {
                assertThat(child.line()).isEqualTo("ready");
            }
            long sum = 0;
            try (Sender<byte[]> sender = Sender.open(place.uri(), Codec.bytes())) {
                for (int i = 0; i < count; i++) {
                    sender.send(Pattern.of(i, 4 + i % 3000));
                    sum += i;
                }
                for (OtherJvm child : children) {
                    sender.send(new byte[0]);
                }
                long received = 0;
                for (OtherJvm child : children) {
                    String[] countAndSum = child.line().split(" ");
                    received += Long.parseLong(countAndSum[0]);
                    sum -= Long.parseLong(countAndSum[1]);
                }
                assertThat(received).isEqualTo(count);
                assertThat(sum).isZero();
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("broadcasts")
    void shouldGiveEachMessageToEveryProcess(Transport transport) throws Exception {
        int count = 4000;
        try (Place place = Place.of(transport);
                Sender<byte[]> sender = Sender.open(place.uri(), Codec.bytes())) {
            List<OtherJvm> children = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                children.add(OtherJvm.start(ContractPeer.class, "receive-patterns", place.uri()));
            }
            for (OtherJvm child : children) {
                assertThat(child.line()).isEqualTo("ready");
            }
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sender.send(Pattern.of(i, 4 + i % 3000));
                sum += i;
            }
            sender.send(new byte[0]);
            for (OtherJvm child : children) {
                assertThat(child.line()).isEqualTo(count + " " + sum);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("broadcasts")
    void shouldNotWaitForAReceiverThatWasKilled(Transport transport) throws Exception {
        try (Place place = Place.of(transport);
                Sender<Long> sender = Sender.open(place.uri(), Codec.longs());
                Receiver<Long> other = Receiver.open(place.uri(), Codec.longs());
                OtherJvm child = OtherJvm.start(ContractPeer.class, "receive-one", place.uri())) {
            assertThat(child.line()).isEqualTo("ready");
            sender.send(0L);
            assertThat(child.line()).isEqualTo("received");
            child.kill();
            // More than it could hold if nobody took any.
            for (long i = 0; i < 50_000; i++) {
                assertThat(other.receive()).isEqualTo(i);
                sender.send(i + 1);
            }
        }
    }

    /** An address that exists, and its removal. */
    private record Place(Transport transport, Address address, Path directory)
            implements AutoCloseable {
        static Place of(Transport transport) throws Exception {
            Path directory = Files.createTempDirectory("kith-contract");
            return at(transport, transport.fresh(directory), directory);
        }

        static Place shared(Transport transport) throws Exception {
            Path directory = Files.createTempDirectory("kith-contract");
            return at(transport, transport.shared(transport.fresh(directory)), directory);
        }

        private static Place at(Transport transport, Address fresh, Path directory) {
            return new Place(
                    transport, isMade(transport) ? transport.create(fresh) : fresh, directory);
        }

        private static boolean isMade(Transport transport) {
            return transport.traits().contains(Trait.NAMED)
                    && !transport.traits().contains(Trait.CONNECTS)
                    && !transport.traits().contains(Trait.BINDS);
        }

        String uri() {
            return address.toString();
        }

        <T> Receiving<T> receive(Codec<T> codec) {
            if (transport.traits().contains(Trait.CONNECTS)) {
                Listener<T> listener = Listener.open(uri(), codec);
                return new Receiving<>(listener, null);
            }
            return new Receiving<>(null, Receiver.open(uri(), codec));
        }

        @Override
        public void close() throws Exception {
            if (isMade(transport)) {
                transport.remove(address.withoutOptions());
            }
            Files.delete(directory);
        }
    }

    /**
     * The receiving side in this process; one that listens accepts when it is asked for the
     * receiver.
     */
    private static final class Receiving<T> implements AutoCloseable {
        private final Listener<T> listener;
        private Receiver<T> receiver;

        Receiving(Listener<T> listener, Receiver<T> receiver) {
            this.listener = listener;
            this.receiver = receiver;
        }

        String uri() {
            return (listener == null ? receiver.address() : listener.address()).toString();
        }

        Receiver<T> receiver() throws InterruptedException {
            if (receiver == null) {
                receiver = listener.accept();
            }
            return receiver;
        }

        @Override
        public void close() {
            if (receiver != null) {
                receiver.close();
            }
            if (listener != null) {
                listener.close();
            }
        }
    }
}
