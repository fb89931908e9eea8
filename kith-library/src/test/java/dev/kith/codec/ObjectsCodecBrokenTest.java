// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.acme.Danger;
import com.acme.Money;
import com.acme.Order;
import dev.kith.Broken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that a peer made to do harm, or that another program, or another version, wrote. */
@Timeout(60)
class ObjectsCodecBrokenTest {
    private final Codec<Object> objects = Codec.objects();

    @Test
    void shouldSayThatAnotherCodecWroteIt() {
        assertBroken(
                "hello".getBytes(StandardCharsets.UTF_8), "it begins with 0x68, expected 0xa1");
        assertBroken(new byte[0], "cut off: bytes needed=1, left=0");
    }

    @Test
    void shouldRefuseWhatIsCutOffOrTooLong() {
        byte[] bytes = Bytes.encode(objects, List.of("hello", 1L << 40, 1.5));

        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Bytes.decode(objects, cut)).isInstanceOf(Broken.class);
        }
        assertBroken(Arrays.copyOf(bytes, bytes.length + 3), "bytes after its end=3");
    }

    @Test
    void shouldRefuseNullAsAMessage() {
        assertBroken(message(Tag.NULL), "null is no message");
    }

    @Test
    void shouldRefuseALengthThatTheMessageCannotHold() {
        for (int tag :
                new int[] {
                    Tag.LIST,
                    Tag.SET,
                    Tag.MAP,
                    Tag.STRING,
                    Tag.WIDE_STRING,
                    Tag.LONGS,
                    Tag.BYTES,
                    Tag.JAVA
                }) {
            assertBroken(message(tag, 0xFF, 0xFF, 0xFF, 0xFF, 7), "but only 0 are left");
        }
        assertBroken(
                message(Tag.LIST, 0xFF, 0xFF, 0xFF, 0xFF, 0xF),
                "number=4294967295, most=2147483647");
    }

    @Test
    void shouldRefuseWhatIsNestedTooDeep() {
        byte[] bytes = new byte[100_001];
        for (int tag : new int[] {Tag.LIST, Tag.OPTIONAL, Tag.TREE_SET, Tag.ENTRY}) {
            Arrays.fill(bytes, (byte) (tag == Tag.LIST ? 1 : tag));
            for (int i = 1; tag == Tag.LIST && i < bytes.length; i += 2) {
                bytes[i] = Tag.LIST;
            }
            bytes[0] = (byte) Tag.VERSION;
            assertBroken(bytes, "nested deeper than 128");
        }
    }

    @Test
    void shouldSayThatAClassIsMissing() {
        byte[] bytes =
                replaced(
                        Bytes.encode(objects, new Money(1, "EUR")),
                        "com.acme.Money",
                        "com.acme.Monex");

        assertBroken(bytes, "class com.acme.Monex is not on the class path of this process");
    }

    @Test
    void shouldReadNoClassAsARecordThatIsNone() {
        byte[] bytes =
                replaced(
                        Bytes.encode(objects, new Money(1, "EUR")),
                        "com.acme.Money",
                        "com.acme.Order");

        assertBroken(bytes, "com.acme.Order is not a record that travels as data");
        assertBroken(
                replaced(
                        Bytes.encode(objects, Thread.State.NEW),
                        "java.lang.Thread$State",
                        "java.lang.StringBuilder".substring(0, 22)),
                "java.lang.StringBuilde is not on");
    }

    @Test
    void shouldSayThatARecordHasOtherComponents() {
        byte[] bytes = replaced(Bytes.encode(objects, new Money(1, "EUR")), "cents", "units");

        assertBroken(
                bytes,
                "record com.acme.Money has components [cents, currency] here, and [units, currency]"
                        + " in the message");
    }

    @Test
    void shouldSayThatAConstantIsMissing() {
        byte[] bytes = replaced(Bytes.encode(objects, Thread.State.NEW), "NEW", "OLD");

        assertBroken(bytes, "No enum constant java.lang.Thread.State.OLD");
    }

    @RepeatedTest(50) // by reflection, then by method handles
    void shouldSayWhatARecordRefuses() {
        byte[] bytes = Bytes.encode(objects, new Money(1, "EUR"));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        shorter[shorter.length - 3] = 2;

        assertThatThrownBy(() -> Bytes.decode(objects, shorter))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("record com.acme.Money refuses its components: ")
                .hasMessageContaining("no currency: EU")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @RepeatedTest(50) // by reflection, then by method handles
    void shouldRefuseComponentsOfAnotherType() {
        byte[] bytes = Bytes.encode(objects, new Money(1, "EUR"));
        byte[] nulls = Arrays.copyOf(bytes, bytes.length - 5);
        nulls[nulls.length - 2] = Tag.TRUE;
        nulls[nulls.length - 1] = Tag.NULL;

        assertBroken(nulls, "record com.acme.Money refuses its components: java.lang.");
    }

    @Test
    void shouldRefuseElementsOfAnotherType() {
        byte[] strings = Bytes.encode(objects, new String[] {"a"});
        strings[strings.length - 3] = Tag.LONG;
        strings[strings.length - 2] = 1;
        byte[] cut = Arrays.copyOf(strings, strings.length - 1);

        assertBroken(cut, "ArrayStoreException");
    }

    @Test
    void shouldRefuseElementsOfASetThatAreEqual() {
        byte[] bytes = Bytes.encode(objects, List.of(1, 1));
        bytes[1] = Tag.SET;

        assertBroken(bytes, "of elements=2 only 1 are different");
    }

    @Test
    void shouldNotReadWhatOnlyAParentMaySend() throws Exception {
        Constructor<?> constructor =
                Class.forName("dev.kith.process.Coded").getDeclaredConstructor(byte[].class);
        constructor.setAccessible(true);
        byte[] inner = Bytes.encode(Codec.objects(Danger.class), new Danger());

        assertBroken(
                javaMessage(constructor.newInstance((Object) inner)),
                "dev.kith.process.Coded is not allowed");
        assertThat(Danger.done).isFalse();
    }

    @Test
    void shouldRefuseAGraphWhoseHashCodeTakesForEver() throws IOException {
        List<Object> graph = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            graph = new ArrayList<>(Arrays.asList(graph, graph));
        }
        assertBroken(
                javaMessage(graph),
                "Java serialisation of a java.util.ArrayList, which has a form of its own");

        Set<Object> root = new HashSet<>();
        Set<Object> left = root;
        Set<Object> right = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Set<Object> nextLeft = new HashSet<>(List.of("x"));
            Set<Object> nextRight = new HashSet<>();
            left.add(nextLeft);
            left.add(nextRight);
            right.add(nextLeft);
            right.add(nextRight);
            left = nextLeft;
            right = nextRight;
        }
        assertBroken(javaMessage(root), "java.util.HashSet is not allowed");
    }

    @Test
    void shouldRefuseKeysMadeToCollide() {
        List<Object> keys = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            keys.add(List.of(i, -31 * i));
        }
        byte[] bytes = Bytes.encode(objects, keys);
        bytes[1] = Tag.SET;

        assertBroken(bytes, "more than 512 keys have the same hash code");
    }

    @Test
    void shouldTakeManyKeysThatDoNotCollide() {
        Set<Object> keys = new HashSet<>();
        HashMap<Object, Object> map = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            keys.add(new Money(i, "EUR"));
            map.put(List.of(i, i), i);
        }

        assertThat(Bytes.roundTrip(objects, keys)).isEqualTo(keys);
        assertThat(Bytes.roundTrip(objects, map)).isEqualTo(map);
    }

    @Test
    void shouldBoundTheArraysOfAStream() throws IOException {
        byte[] bytes = javaMessage(new Object[] {new long[] {1, 2, 3}});
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + 4, new byte[] {0, 0, 0, 3}, 0, 4)) {
                bytes[i] = 0x7F;
            }
        }

        assertBroken(bytes, "arrays of elements=2130706436 in a stream that has room for ");
    }

    @Test
    void shouldBoundTheDepthOfAStream() {
        Order order = new Order("Ada");
        for (int i = 0; i < 300; i++) {
            Order outer = new Order("Ada");
            outer.owner = order;
            order = outer;
        }
        Codec<Object> codec = Codec.objects(Order.class);
        byte[] bytes = Bytes.encode(codec, order);

        assertThatThrownBy(() -> Bytes.decode(codec, bytes))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("Java serialisation: nested deeper than 128");
    }

    private void assertBroken(byte[] bytes, String message) {
        assertThatThrownBy(() -> Bytes.decode(objects, bytes))
                .isInstanceOf(Broken.class)
                .hasMessageContaining(message);
    }

    private static byte[] message(int... bytes) {
        byte[] message = new byte[1 + bytes.length];
        message[0] = (byte) Tag.VERSION;
        for (int i = 0; i < bytes.length; i++) {
            message[i + 1] = (byte) bytes[i];
        }
        return message;
    }

    /** An object written by Java serialisation without asking anyone. */
    private static byte[] javaMessage(Object value) throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stream)) {
            out.writeObject(value);
        }
        byte[] bytes = Bytes.encode(Codec.objects(), stream.toByteArray());
        bytes[1] = Tag.JAVA;
        return bytes;
    }

    private static byte[] replaced(byte[] bytes, String what, String by) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(what);
        return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
    }
}
