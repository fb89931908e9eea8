// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.acme.Danger;
import com.acme.Money;
import com.acme.Order;
import com.acme.Shape;
import dev.kith.Broken;
import dev.kith.IpcException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is let in, and what not. */
class ObjectsCodecFilterTest {
    private final Codec<Object> objects = Codec.objects();

    @Test
    void shouldReadObjectsOfAllowedClassesWithTheirCollections() {
        Order order = new Order("Ada");
        order.lines.put("tea", 3);

        assertThat(Bytes.roundTrip(Codec.objects(Order.class), List.of(order, 1)))
                .isEqualTo(List.of(order, 1));
    }

    @Test
    void shouldAllowWhatASealedClassPermitsAndWhatAClassExtends() {
        Object circle = new Shape.Circle(1);

        assertThat(Bytes.roundTrip(Codec.objects(Shape.class), circle)).isEqualTo(circle);
        assertThat(Bytes.roundTrip(Codec.objects(Shape.Circle.class), circle)).isEqualTo(circle);
    }

    @Test
    void shouldNotReadAClassThatIsNotAllowed() {
        byte[] bytes = Bytes.encode(Codec.objects(Danger.class), new Danger());

        assertThatThrownBy(() -> Bytes.decode(objects, bytes))
                .isInstanceOf(Broken.class)
                .hasMessageContaining(
                        "com.acme.Danger is not allowed: Codec.objects(Danger.class) allows it");
        assertThat(Danger.done).isFalse();
    }

    @Test
    void shouldAskTheFilterFirst() {
        Codec<Object> strict =
                Codec.objects(ObjectInputFilter.Config.createFilter("com.acme.Order;!com.acme.*"));
        Money money = new Money(1, "EUR");

        assertThat(Bytes.roundTrip(strict, new Order("Ada"))).isEqualTo(new Order("Ada"));
        assertThatThrownBy(() -> Bytes.encode(strict, List.of(money)))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith("value[0]: com.acme.Money is not allowed: the filter ");
        assertThatThrownBy(() -> Bytes.decode(strict, Bytes.encode(objects, money)))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("com.acme.Money is not allowed: the filter ");
    }

    @Test
    void shouldReadExceptionsOfTheJdkWithCauseAndSuppressed() {
        IOException sent = new IOException("disk", new IllegalStateException("cause"));
        sent.addSuppressed(new RuntimeException("close"));

        IOException arrived = (IOException) Bytes.roundTrip(objects, sent);

        assertThat(arrived).hasMessage("disk").hasCauseInstanceOf(IllegalStateException.class);
        assertThat(arrived.getSuppressed()[0]).hasMessage("close");
        assertThat(arrived.getStackTrace()).isEqualTo(sent.getStackTrace());
    }

    @Test
    void shouldReadValuesOfTheJdkThatHaveNoFormOfTheirOwn() {
        for (Object value :
                List.of(
                        new java.util.Date(1),
                        java.util.Locale.CHINA,
                        java.util.BitSet.valueOf(new long[] {5}),
                        java.util.Currency.getInstance("EUR"),
                        new java.io.File("a"),
                        java.net.InetSocketAddress.createUnresolved("localhost", 1))) {
            assertThat(Bytes.roundTrip(objects, value)).isEqualTo(value);
        }
    }

    @Test
    void shouldLetHandlesTravelByWhatTheyWriteInTheirPlace() {
        Object arrived =
                Bytes.roundTrip(objects, Map.of("to", List.of(new Handle("fifo:/tmp/jobs"))));

        Object handle = ((List<?>) ((Map<?, ?>) arrived).get("to")).getFirst();
        assertThat(((Handle) handle).name).isEqualTo("fifo:/tmp/jobs, opened");
    }

    @Test
    void shouldPassOnTheExceptionOfAHandleThatDoesNotOpen() {
        assertThatThrownBy(() -> Bytes.roundTrip(objects, List.of(new Handle("gone"))))
                .isExactlyInstanceOf(dev.kith.NotFound.class);
    }

    @Test
    void shouldBeOneObjectAfterATravel() throws Exception {
        assertThat(travelled(objects)).isSameAs(objects);
    }

    @Test
    void shouldTravelWithWhatItAllows() throws Exception {
        Codec<Object> travelled = travelled(Codec.objects(Order.class));

        assertThat(travelled).hasToString("objects(com.acme.Order)");
        assertThat(Bytes.roundTrip(travelled, new Order("Ada"))).isEqualTo(new Order("Ada"));
    }

    @Test
    void shouldNotLetACodecArriveThatAllowsMore() {
        Codec<Object> wide = Codec.objects(Order.class, Codec.class);
        Object codec = Codec.objects(Order.class);
        byte[] bytes = Bytes.encode(wide, new ArrayList<>(List.of(codec)));

        assertThat(Bytes.decode(wide, bytes)).isInstanceOf(List.class);
        assertThatThrownBy(() -> Bytes.decode(objects, bytes))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("com.acme.Order is not allowed");
    }

    @Test
    void shouldNotTravelWithAFilterThatCannot() {
        Codec<Object> codec = Codec.objects(ObjectInputFilter.Config.createFilter("com.acme.*"));

        assertThatThrownBy(() -> travelled(codec))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("name the classes instead");
    }

    @SuppressWarnings("unchecked") // it was one
    private static Codec<Object> travelled(Codec<Object> codec) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(codec);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Codec<Object>) in.readObject();
        }
    }

    static final class Handle implements Serializable {
        private static final long serialVersionUID = 1L;

        final transient String name;

        Handle(String name) {
            this.name = name;
        }

        private Object writeReplace() {
            return new Travelling(name);
        }

        private record Travelling(String name) implements Serializable {
            private static final long serialVersionUID = 1L;

            private Object readResolve() {
                if (name.equals("gone")) {
                    throw new dev.kith.NotFound(
                            "open(\"gone\"): ENOENT (No such file)", "open(\"gone\")", 2);
                }
                return new Handle(name + ", opened");
            }
        }
    }
}
