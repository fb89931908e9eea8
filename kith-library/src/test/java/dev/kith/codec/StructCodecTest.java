// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as structs: values, places, and what is refused when values are written and read. */
class StructCodecTest {
    private static final StructLayout<Order> ORDERS = Codec.struct(Order.class);
    private static final VarHandle ID = ORDERS.varHandle("id");
    private static final VarHandle LEVEL_SIZE = ORDERS.varHandle("levels[].size");
    private static final VarHandle SYMBOL = ORDERS.varHandle("symbol[]");

    enum Side {
        BUY,
        SELL
    }

    record Level(double price, int size) {}

    private record Order(
            byte flags,
            long id,
            Side side,
            @Length(8) String symbol,
            Level best,
            @Length(2) Level[] levels,
            @Length(3) short... tags) {}

    record Primitives(boolean a, byte b, char c, short d, int e, long f, float g, double h) {}

    record Arrays8(
            @Length(1) boolean[] a,
            @Length(2) byte[] b,
            @Length(3) char[] c,
            @Length(4) short[] d,
            @Length(5) int[] e,
            @Length(6) long[] f,
            @Length(7) float[] g,
            @Length(8) double[] h) {}

    @Packed
    record Squeezed(byte a, long b, Level c, short d) {}

    record Two(int a, int b) {}

    record Positive(int value) {
        Positive {
            if (value <= 0) {
                throw new IllegalArgumentException("not positive: " + value);
            }
        }
    }

    record Outer(@Length(2) Positive[] values) {}

    private static Order order() {
        return new Order(
                (byte) -1,
                42,
                Side.SELL,
                "KITH",
                new Level(99.5, 7),
                new Level[] {new Level(1, 2), new Level(3, 4)},
                (short) 5,
                (short) 6,
                (short) 7);
    }

    @Test
    void shouldLayComponentsOutAsCDoes() {
        assertThat(ORDERS.byteSize()).isEqualTo(88);
        assertThat(ORDERS.fixedBytes()).isEqualTo(88);
        assertThat(ORDERS.byteAlignment()).isEqualTo(8);
        assertThat(ORDERS.memoryLayout().byteSize()).isEqualTo(88);
        assertThat(ORDERS.memoryLayout().byteAlignment()).isEqualTo(8);
        assertThat(ORDERS.offset("flags")).isZero();
        assertThat(ORDERS.offset("id")).isEqualTo(8);
        assertThat(ORDERS.offset("side")).isEqualTo(16);
        assertThat(ORDERS.offset("symbol")).isEqualTo(20);
        assertThat(ORDERS.offset("symbol[3]")).isEqualTo(23);
        assertThat(ORDERS.offset("best.size")).isEqualTo(40);
        assertThat(ORDERS.offset("levels[1].size")).isEqualTo(72);
        assertThat(ORDERS.offset("tags[2]")).isEqualTo(84);
        assertThat(ORDERS.type()).isEqualTo(Order.class);
        assertThat(ORDERS).hasToString("struct(" + Order.class.getName() + ")");
        assertThat(Codec.struct(Order.class)).isSameAs(ORDERS);
    }

    @Test
    void shouldReturnWhatWasWritten() {
        Order back = Bytes.roundTrip(ORDERS, order());

        assertThat(back).usingRecursiveComparison().isEqualTo(order());
    }

    @Test
    void shouldKeepEveryPrimitiveType() {
        Primitives low =
                new Primitives(
                        true,
                        Byte.MIN_VALUE,
                        '\uFFFF',
                        Short.MIN_VALUE,
                        Integer.MIN_VALUE,
                        Long.MIN_VALUE,
                        -0f,
                        Double.MIN_VALUE);

        assertThat(Bytes.roundTrip(Codec.struct(Primitives.class), low)).isEqualTo(low);
        assertThat(Codec.struct(Primitives.class).byteSize()).isEqualTo(40);
    }

    @Test
    void shouldKeepArraysOfEveryPrimitiveType() {
        Arrays8 value =
                new Arrays8(
                        new boolean[] {true},
                        new byte[] {1, -2},
                        new char[] {'a', 'ß', '世'},
                        new short[] {1, 2, 3, -4},
                        new int[] {1, 2, 3, 4, -5},
                        new long[] {1, 2, 3, 4, 5, -6},
                        new float[] {1, 2, 3, 4, 5, 6, -7},
                        new double[] {1, 2, 3, 4, 5, 6, 7, -8});

        assertThat(Bytes.roundTrip(Codec.struct(Arrays8.class), value))
                .usingRecursiveComparison()
                .isEqualTo(value);
    }

    @Test
    void shouldLeaveNoPaddingInAPackedRecord() {
        StructLayout<Squeezed> layout = Codec.struct(Squeezed.class);
        Squeezed value = new Squeezed((byte) 1, 2, new Level(3, 4), (short) 5);

        assertThat(layout.byteSize()).isEqualTo(1 + 8 + 16 + 2);
        assertThat(layout.byteAlignment()).isEqualTo(1);
        assertThat(layout.memoryLayout().byteSize()).isEqualTo(27);
        assertThat(layout.offset("c.size")).isEqualTo(17);
        assertThat(Bytes.roundTrip(layout, value)).isEqualTo(value);
    }

    @Test
    void shouldWriteZeroWhereCHasPadding() {
        byte[] bytes = new byte[88];
        Arrays.fill(bytes, (byte) 0x55);
        ORDERS.encode(order(), MemorySegment.ofArray(bytes));

        assertThat(Arrays.copyOfRange(bytes, 1, 8)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 24, 28)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 28, 32)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 44, 48)).containsOnly(0);
        assertThat(Arrays.copyOfRange(bytes, 86, 88)).containsOnly(0);
    }

    @Test
    void shouldReadAndWriteInPlaceAtAnyAddress() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(200, 8);
            ORDERS.write(order(), memory, 13);

            assertThat((long) ID.get(memory, 13L)).isEqualTo(42);
            assertThat((int) LEVEL_SIZE.get(memory, 13L, 1L)).isEqualTo(4);
            assertThat((byte) SYMBOL.get(memory, 13L, 1L)).isEqualTo((byte) 'I');
            assertThat((int) ORDERS.varHandle("side").get(memory, 13L)).isEqualTo(1);
            ID.set(memory, 13L, -1L);
            LEVEL_SIZE.set(memory, 13L, 0L, 1_000);
            assertThat(ORDERS.read(memory, 13).id()).isEqualTo(-1);
            assertThat(ORDERS.read(memory, 13).levels()[0].size()).isEqualTo(1_000);
            assertThatThrownBy(() -> ORDERS.read(memory, 113))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldGiveAtomicAccessThroughTheLayoutOfTheJdk() {
        VarHandle id = ORDERS.memoryLayout().varHandle(PathElement.groupElement("id"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(ORDERS.memoryLayout());
            ORDERS.encode(order(), memory);

            assertThat(id.compareAndSet(memory, 0L, 42L, 43L)).isTrue();
            assertThat(ORDERS.decode(memory).id()).isEqualTo(43);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KITH", "12345678", "größe", "世界", "😀😀", "é世x", "\uFFFD"})
    void shouldKeepTextThatFits(String symbol) {
        record Text(@Length(8) String text) {}

        byte[] bytes = Bytes.encode(Codec.struct(Text.class), new Text(symbol));

        assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replace("\0", ""))
                .isEqualTo(symbol);
        assertThat(Bytes.decode(Codec.struct(Text.class), bytes).text()).isEqualTo(symbol);
    }

    @Test
    void shouldIgnoreWhatIsBehindTheEndOfAText() {
        record Text(@Length(8) String text) {}

        byte[] bytes = {'a', 'b', 0, 'c', (byte) 0xFF, 0, 0, 0};

        assertThat(Bytes.decode(Codec.struct(Text.class), bytes).text()).isEqualTo("ab");
    }

    @Test
    void shouldReadAnyByteButZeroAsTrue() {
        record Flag(boolean set) {}

        assertThat(Bytes.decode(Codec.struct(Flag.class), new byte[] {2}).set()).isTrue();
        assertThat(Bytes.decode(Codec.struct(Flag.class), new byte[] {0}).set()).isFalse();
    }

    @Test
    void shouldNotWriteWhereThereIsTooLittleRoom() {
        byte[] bytes = new byte[87];

        assertThat(ORDERS.encode(order(), MemorySegment.ofArray(bytes))).isEqualTo(88);
        assertThat(bytes).containsOnly(0);
    }

    @Test
    void shouldTravelToAnotherProcess() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(ORDERS);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isSameAs(ORDERS);
        }
    }

    @Test
    void shouldCarryARecordOfEightBytesWhereAMessageHasEight() throws Exception {
        StructLayout<Two> codec = Codec.struct(Two.class);
        try (Receiver<Two> here = Receiver.open("signal:", codec);
                Sender<Two> there = Sender.open(here.address().toString(), codec)) {
            there.send(new Two(3, 4));

            assertThat(here.receive()).isEqualTo(new Two(3, 4));
        }
        assertThatThrownBy(() -> Receiver.open("signal:", ORDERS))
                .hasMessageContaining("carries exactly 8 bytes a message")
                .hasMessageContaining("Codec.struct of a record of 8 bytes")
                .hasMessageContaining("not " + ORDERS);
    }

    @Test
    void shouldRefuseValuesThatDoNotFit() {
        Order order = order();
        Level[] levels = order.levels();

        assertRefused(
                with("123456789", order.best(), levels, 1, 2, 3),
                "value.symbol: text too long: length=9, limit=8 bytes (@Length)");
        assertRefused(
                with("世界世", order.best(), levels, 1, 2, 3),
                "value.symbol: text too long: length=9, limit=8 bytes (@Length)");
        assertRefused(
                with("a\0b", order.best(), levels, 1, 2, 3),
                "value.symbol: a NUL at index 1, which is where C ends a text");
        assertRefused(
                with("a\uD800b", order.best(), levels, 1, 2, 3),
                "value.symbol: not text: a surrogate without its other half at index 1");
        assertRefused(
                with(null, order.best(), levels, 1, 2, 3),
                "value.symbol: null, and a struct has no place for that");
        assertRefused(
                with("", null, levels, 1, 2, 3),
                "value.best: null, and a struct has no place for that");
        assertRefused(
                with("", order.best(), new Level[2], 1, 2, 3),
                "value.levels[0]: null, and a struct has no place for that");
        assertRefused(
                with("", order.best(), new Level[3], 1, 2, 3),
                "value.levels: array of length=3, expected=2 (@Length)");
        assertRefused(
                with("", order.best(), levels, 1, 2),
                "value.tags: array of length=2, expected=3 (@Length)");
        assertThatThrownBy(() -> Bytes.encode(ORDERS, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("null is no struct of " + Order.class.getName());
    }

    @Test
    void shouldSayWhereBytesAreNoSuchRecord() {
        byte[] bytes = Bytes.encode(ORDERS, order());
        String name = Order.class.getName();

        assertThatThrownBy(() -> Bytes.decode(ORDERS, Arrays.copyOf(bytes, 87)))
                .isInstanceOf(Broken.class)
                .hasMessage("not a struct of " + name + ": length=87, expected=88");
        bytes[16] = 2;
        assertBroken(bytes, name + ".side: ordinal=2, expected one of 2: [BUY, SELL]");
        bytes[19] = -1;
        assertBroken(bytes, name + ".side: ordinal=-16777214, expected one of 2: [BUY, SELL]");
        bytes[16] = bytes[19] = 0;
        bytes[21] = (byte) 0xC0;
        assertBroken(bytes, name + ".symbol: not UTF-8: \"K\uFFFDTH\"; make it a byte[]");
        byte[] negative = {1, 0, 0, 0, 0, 0, 0, -128};
        assertThatThrownBy(() -> Bytes.decode(Codec.struct(Outer.class), negative))
                .isInstanceOf(Broken.class)
                .hasMessage(
                        Outer.class.getName()
                                + ".values[1]: record "
                                + Positive.class.getName()
                                + " refuses its components:"
                                + " java.lang.IllegalArgumentException: not positive: -2147483648");
    }

    @Test
    void shouldLeaveErrorsOfMemoryAsTheyAre() {
        MemorySegment gone;
        try (Arena arena = Arena.ofConfined()) {
            gone = arena.allocate(88);
        }

        assertThatThrownBy(() -> ORDERS.decode(gone)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ORDERS.write(order(), MemorySegment.ofArray(new long[11]), 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(ValueLayout.JAVA_LONG.byteSize() * 11).isEqualTo(ORDERS.byteSize());
    }

    private static Order with(String symbol, Level best, Level[] levels, int... tags) {
        short[] shorts = new short[tags.length];
        for (int i = 0; i < tags.length; i++) {
            shorts[i] = (short) tags[i];
        }
        return new Order((byte) 0, 0, Side.BUY, symbol, best, levels, shorts);
    }

    private static void assertRefused(Order order, String message) {
        assertThatThrownBy(() -> Bytes.encode(ORDERS, order))
                .isInstanceOf(IpcException.class)
                .hasMessage(message);
    }

    private static void assertBroken(byte[] bytes, String message) {
        assertThatThrownBy(() -> Bytes.decode(ORDERS, bytes))
                .isInstanceOf(Broken.class)
                .hasMessage(message);
    }
}
