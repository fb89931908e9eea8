// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.SendOption;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every mechanism does alike, to be run over transports of your own: extend it, and say which.
 * Traits tell what differs. The transports must be provided ({@code META-INF/services} or {@code
 * provides}), because the tests open channels as a program does. Every address is one of {@link
 * Transport#fresh} and is removed after its test; a name that stays fails the test.
 *
 * <p>Takes JUnit Jupiter with its parameterised tests, 5.12 or later, or 6, and AssertJ 3.
 */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
public abstract class TransportConformance {
    private static final Duration SHORT = Duration.ofMillis(50);

    /**
     * The transports to be tested.
     *
     * @return one or more
     */
    protected abstract List<Transport> transports();

    /** Each, with all sorts of addresses that it has. */
    List<Transport> all() {
        return Aspect.all(transports());
    }

    List<Transport> broadcasts() {
        return Aspect.broadcasts(transports());
    }

    List<Transport> withMessagesOfAnyLength() {
        return all().stream().filter(each -> !each.traits().contains(Trait.FIXED_8)).toList();
    }

    List<Transport> bounded() {
        return with(Trait.BOUNDED);
    }

    List<Transport> named() {
        return with(Trait.NAMED);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldKeepTheOrderOfOneSender(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            Background sending =
                    Background.run(() -> {
                        for (long i = 1; i <= 5000; i++) {
                            trial.sender.send(i);
                        }
                    });
            if (trial.has(Trait.COALESCES)) {
                Numbers.assertReceivesTheSum(trial, Numbers.sumTo(5000));
            }
            for (long i = 1; i <= 5000 && !trial.has(Trait.COALESCES); i++) {
                assertThat(trial.receiver.receive()).isEqualTo(i);
            }
            sending.join();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withMessagesOfAnyLength")
    void shouldCarryAnEmptyMessage(Transport transport) throws Exception {
        try (Trial<byte[]> trial = Trial.of(transport, Codec.bytes())) {
            trial.sender.send(new byte[0]);
            trial.sender.send(new byte[] {7});
            assertThat(trial.receiver.receive()).isEmpty();
            assertThat(trial.receiver.receive()).containsExactly(7);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withMessagesOfAnyLength")
    void shouldCarryTheLargestMessageAndRefuseOneOverIt(Transport transport) throws Exception {
        Map<String, String> options = stream(transport) ? Map.of("max", "300000") : Map.of();
        try (Trial<byte[]> trial = Trial.of(transport, Codec.bytes(), options)) {
            int max = (int) transport.maxMessageBytes(trial.address);
            byte[] largest = Pattern.of(1, max);
            Background sending = Background.run(() -> trial.sender.send(largest));
            assertThat(trial.receiver.receive()).isEqualTo(largest);
            sending.join();
            assertThatThrownBy(() -> trial.sender.send(new byte[max + 1]))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining(
                            "message too large: length=" + (max + 1) + ", limit=" + max);
            trial.sender.send(new byte[] {1, 2, 3});
            assertThat(trial.receiver.receive()).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("bounded")
    void shouldLoseNothingWhenItIsFull(Transport transport) throws Exception {
        try (Trial<Long> trial = Numbers.limited(transport)) {
            long sent = Numbers.fill(trial);
            long start = System.nanoTime();
            assertThat(trial.sender.trySend(Numbers.filling(trial, sent + 1), SHORT)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            Background blocked =
                    Background.run(() -> trial.sender.send(Numbers.filling(trial, sent + 1)));
            Numbers.assertReceives(trial, sent + 1);
            blocked.join();
            assertThat(trial.receiver.tryReceive()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWaitForTheTimeGivenAndReturnEmpty(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            assertThat(trial.receiver.tryReceive()).isEmpty();
            long start = System.nanoTime();
            assertThat(trial.receiver.tryReceive(SHORT)).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThat(trial.receiver.tryReceiveMessage(SHORT)).isEmpty();
            trial.sender.send(5L);
            assertThat(trial.receiver.tryReceive(Duration.ofSeconds(20))).contains(5L);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldEndAWaitingReceiveWhenItsThreadIsInterrupted(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            for (boolean virtual : new boolean[] {false, true}) {
                for (boolean timed : new boolean[] {false, true}) {
                    Background waiting = Background.run(virtual, () -> trial.receive(timed));
                    waiting.awaitBlocked();
                    waiting.thread().interrupt();
                    assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
                }
            }
            trial.sender.send(9L);
            assertThat(trial.receiver.receive()).isEqualTo(9L);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldRefuseToWaitInAThreadThatIsInterruptedAlready(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            Background waiting =
                    Background.run(() -> {
                        Thread.currentThread().interrupt();
                        trial.receiver.receive();
                    });
            assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("bounded")
    void shouldEndAWaitingSendWhenItsThreadIsInterrupted(Transport transport) throws Exception {
        try (Trial<Long> trial = Numbers.limited(transport)) {
            long sent = Numbers.fill(trial);
            for (boolean virtual : new boolean[] {false, true}) {
                Background waiting =
                        Background.run(
                                virtual, () -> trial.sender.send(Numbers.filling(trial, sent + 1)));
                waiting.awaitBlocked();
                waiting.thread().interrupt();
                assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
            }
            Numbers.assertReceives(trial, sent);
            assertThat(trial.receiver.tryReceive()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldEndAWaitingReceiveWhenTheEndIsClosed(Transport transport) throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            for (boolean timed : new boolean[] {false, true}) {
                try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
                    Background waiting = Background.run(virtual, () -> trial.receive(timed));
                    Background second = Background.run(virtual, () -> trial.receive(timed));
                    waiting.awaitBlocked();
                    second.awaitBlocked();
                    trial.receiver.close();
                    assertThat(waiting.failure()).isInstanceOf(Closed.class);
                    assertThat(second.failure()).isInstanceOf(Closed.class);
                    assertThatThrownBy(trial.receiver::receive).isInstanceOf(Closed.class);
                }
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("bounded")
    void shouldEndAWaitingSendWhenTheEndIsClosed(Transport transport) throws Exception {
        try (Trial<Long> trial = Numbers.limited(transport)) {
            long sent = Numbers.fill(trial);
            Background waiting =
                    Background.run(() -> trial.sender.send(Numbers.filling(trial, sent + 1)));
            waiting.awaitBlocked();
            trial.sender.close();
            assertThat(waiting.failure()).isInstanceOf(Closed.class);
            assertThatThrownBy(() -> trial.sender.send(1L)).isInstanceOf(Closed.class);
            trial.drain();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldEndTheStreamInOrderAfterWhatWasSent(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            trial.sender.send(1L);
            trial.sender.send(2L);
            trial.sender.end();
            assertThat(trial.receiver.isEnded()).isFalse();
            List<Long> got = new ArrayList<>();
            trial.receiver.forEach(got::add);
            if (trial.has(Trait.COALESCES)) {
                assertThat(got.stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
            } else {
                assertThat(got).containsExactly(1L, 2L);
            }
            assertThat(trial.receiver.isEnded()).isTrue();
            assertThatThrownBy(trial.receiver::receive)
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("ended");
            assertThatThrownBy(() -> trial.receiver.tryReceive()).isInstanceOf(Closed.class);
            assertThatThrownBy(() -> trial.sender.send(3L)).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldRefuseNullAndNameTheEnd(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            assertThatThrownBy(() -> trial.sender.send(null)).hasMessageContaining("end()");
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("withMessagesOfAnyLength")
    void shouldGiveEachMessageWholeToOneOfManyThreads(Transport transport) throws Exception {
        int most = (int) Math.min(100_000, maxOf(transport));
        int senders = 4;
        int each = 500;
        try (Trial<byte[]> trial = Trial.of(transport, Codec.bytes())) {
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            List<Background> threads = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                int from = s * each;
                threads.add(
                        Background.run(
                                s % 2 == 1,
                                () -> {
                                    for (int i = from; i < from + each; i++) {
                                        trial.sender.send(
                                                Pattern.of(i, 4 + (int) (i * 7919L % (most - 3))));
                                    }
                                }));
            }
            for (int r = 0; r < 4; r++) {
                threads.add(
                        Background.run(
                                r % 2 == 1,
                                () -> {
                                    for (int i = 0; i < senders * each / 4; i++) {
                                        seen.add(Pattern.check(trial.receiver.receive()));
                                    }
                                }));
            }
            for (Background thread : threads) {
                thread.join();
            }
            assertThat(seen).hasSize(senders * each);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldNotHoldTheCarriersOfVirtualThreadsThatWait(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            List<Background> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(Background.run(true, trial.receiver::receive));
            }
            waiting.getLast().awaitBlocked();
            CountDownLatch others = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                Thread.ofVirtual().start(others::countDown);
            }
            others.await();
            for (long i = 1; i <= 100; i++) {
                trial.sender.send(i);
            }
            while (trial.has(Trait.COALESCES) && waiting.stream().anyMatch(Background::isAlive)) {
                // One of them may have received what was meant for several.
                trial.sender.send(1L);
                Thread.sleep(1);
            }
            for (Background each : waiting) {
                each.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWakeAWaitSetOfTwo(Transport transport) throws Exception {
        try (Trial<Long> first = Trial.of(transport, Codec.longs());
                Trial<Long> second =
                        Trial.of(Transports.of(Address.parse("pipe:")), Codec.longs())) {
            WaitSet set = new WaitSet(first.receiver, second.receiver);
            assertThat(set.await(SHORT)).isEmpty();
            AtomicReference<List<Waitable>> ready = new AtomicReference<>();
            Background waiting = Background.run(() -> ready.set(set.await()));
            waiting.awaitBlocked();
            first.sender.send(1L);
            waiting.join();
            assertThat(ready.get()).containsExactly(first.receiver);
            assertThat(first.receiver.receive()).isEqualTo(1L);
            second.sender.send(2L);
            assertThat(set.await()).containsExactly(second.receiver);
            first.sender.end();
            assertThat(set.await()).contains(first.receiver);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldWakeAWaitSetWhenAMemberIsClosed(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            WaitSet set = new WaitSet(trial.receiver);
            Background waiting = Background.run(set::await);
            waiting.awaitBlocked();
            trial.receiver.close();
            waiting.join();
            assertThat(set.await()).containsExactly(trial.receiver);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSendInTheBackgroundInOrder(Transport transport) throws Exception {
        try (Trial<Long> trial = Numbers.limited(transport)) {
            long sent = Numbers.fill(trial);
            for (long i = sent + 1; i <= sent + 20; i++) {
                trial.sender.sendAsync(Numbers.filling(trial, i));
            }
            Numbers.assertReceives(trial, sent + 20);
            trial.sender.flush();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldSayWhichOptionsItKnows(Transport transport) {
        Address wrong = new Address(transport.scheme(), "", Map.of("nonsense", "1"));
        Throwable thrown = catchThrowable(() -> Channel.open(wrong.toString(), Codec.longs()));
        assertThat(thrown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no option nonsense");
        transport
                .options()
                .keySet()
                .forEach(known -> assertThat(thrown).hasMessageContaining(known));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldRefuseAPriorityOrTypeThatItDoesNotHave(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            if (!trial.has(Trait.PRIORITY)) {
                assertThatThrownBy(() -> trial.sender.send(1L, SendOption.priority(3)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no priority");
            }
            if (!trial.has(Trait.TYPES)) {
                assertThatThrownBy(() -> trial.sender.send(1L, SendOption.type(3)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no type");
            }
            assertThat(trial.receiver.tryReceive()).isEqualTo(Optional.empty());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("named")
    void shouldNotFindWhatWasRemoved(Transport transport) throws Exception {
        Address address;
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            address = trial.address.withoutOptions();
        }
        assertThatThrownBy(() -> Sender.open(address.toString(), Codec.longs()))
                .isInstanceOf(NotFound.class);
        if (!transport.traits().contains(Trait.CONNECTS)) {
            assertThatThrownBy(() -> transport.remove(address)).isInstanceOf(NotFound.class);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("broadcasts")
    void shouldGiveEveryMessageAndTheEndToEveryReceiver(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs());
                Receiver<Long> other = Receiver.open(trial.address.toString(), Codec.longs())) {
            for (long i = 1; i <= 100; i++) {
                trial.sender.send(i);
            }
            trial.sender.end(2);
            for (Receiver<Long> receiver : List.of(trial.receiver, other)) {
                for (long i = 1; i <= 100; i++) {
                    assertThat(receiver.receive()).isEqualTo(i);
                }
                assertThatThrownBy(receiver::receive)
                        .isInstanceOf(Closed.class)
                        .hasMessageContaining("ended");
                assertThat(receiver.isEnded()).isTrue();
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("broadcasts")
    void shouldGiveAReceiverWhatIsSentFromWhenItWasOpenedOn(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs())) {
            trial.sender.send(1L);
            try (Receiver<Long> late = Receiver.open(trial.address.toString(), Codec.longs())) {
                trial.sender.send(2L);
                assertThat(late.receive()).isEqualTo(2L);
                assertThat(late.tryReceive()).isEmpty();
            }
            assertThat(trial.receiver.receive()).isEqualTo(1L);
            assertThat(trial.receiver.receive()).isEqualTo(2L);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("broadcasts")
    void shouldNotWaitForAReceiverThatHasEndedOrWasClosed(Transport transport) throws Exception {
        try (Trial<Long> trial = Trial.of(transport, Codec.longs());
                Sender<Long> first = Sender.open(trial.address.toString(), Codec.longs());
                Receiver<Long> closed = Receiver.open(trial.address.toString(), Codec.longs())) {
            closed.close();
            first.end();
            assertThatThrownBy(trial.receiver::receive).isInstanceOf(Closed.class);
            for (long i = 1; i <= 50_000; i++) {
                trial.sender.send(i);
            }
            assertThat(trial.receiver.isEnded()).isTrue();
        }
    }

    private List<Transport> with(Trait trait) {
        return all().stream().filter(each -> each.traits().contains(trait)).toList();
    }

    private static boolean stream(Transport transport) {
        return transport.traits().contains(Trait.STREAM);
    }

    private static long maxOf(Transport transport) throws Exception {
        try (Trial<byte[]> trial = Trial.of(transport, Codec.bytes())) {
            return transport.maxMessageBytes(trial.address);
        }
    }
}
