// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.acme.Order;
import dev.kith.Handover;
import dev.kith.IpcException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the sender is told of values that cannot travel. */
class ObjectsCodecRefusalTest {
    private final Codec<Object> objects = Codec.objects();

    @Test
    void shouldSayWhereTheObjectIsThatIsNotSerializable() {
        Thread thread = Thread.currentThread();
        Map<String, Object> jobs = new LinkedHashMap<>();
        jobs.put("first", 1);
        jobs.put("second", Optional.of(new Object[] {null, thread}));

        assertRefused(
                Arrays.asList(1, null, new Held(thread)),
                "value[2].owner: java.lang.Thread is not Serializable; ");
        assertRefused(jobs, "value[\"second\"].get()[1]: java.lang.Thread is not Serializable; ");
        assertRefused(Map.of(thread, 1), "value.key: java.lang.Thread is not Serializable; ");
        assertRefused(thread, "value: java.lang.Thread is not Serializable; ");
    }

    @Test
    void shouldSayWhereItIsInsideAnObjectOfAnAllowedClass() {
        Order order = new Order("Ada");
        order.owner =
                new ArrayList<>(List.of(1, new HashMap<>(Map.of("who", Thread.currentThread()))));

        assertThatThrownBy(() -> Bytes.encode(Codec.<Object>objects(Order.class), List.of(order)))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(
                        "value[0].owner[1][\"who\"]: java.lang.Thread is not Serializable; ");
    }

    @Test
    void shouldAdviseARecordWhereTheClassIsTheUsers() {
        assertRefused(
                List.of(new Plain()),
                "value[0]: "
                        + Plain.class.getName()
                        + " is not Serializable; make it a record, or Serializable");
    }

    @Test
    void shouldNameAClassThatIsNotAllowedAndHowToAllowIt() {
        assertRefused(
                List.of(new Order("Ada")),
                "value[0]: com.acme.Order is not allowed: Codec.objects(Order.class) allows it, and"
                        + " a record needs no leave");
    }

    @Test
    void shouldRefuseWhatContainsItself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        Object[] array = new Object[2];
        Map<String, Object> map = new HashMap<>();
        array[1] = List.of(0, map);
        map.put("back", new Held(array));

        assertRefused(list, "value contains itself, as value[0]; ");
        assertThatThrownBy(() -> Bytes.encode(objects, List.of((Object) array)))
                .isInstanceOf(IpcException.class)
                .hasMessageMatching("value\\[0\\].* contains itself, as value\\[0\\].*owner.*; .*");
    }

    @Test
    void shouldRefuseWhatIsNestedTooDeep() {
        assertThat(Bytes.roundTrip(objects, nested(128))).isEqualTo(nested(128));
        assertRefused(nested(129), "value[0][0][0]");
        assertThatThrownBy(() -> Bytes.encode(objects, nested(100_000)))
                .isInstanceOf(IpcException.class)
                .hasMessageEndingWith(": nested deeper than 128; send it in flat form");
    }

    @Test
    void shouldRefuseAnObjectGraphThatIsTooDeepForJavaSerialisation() {
        Order last = new Order("Ada");
        for (int i = 0; i < 100_000; i++) {
            Order before = new Order("Ada");
            before.owner = last;
            last = before;
        }
        Object deep = last;

        assertThatThrownBy(() -> Bytes.encode(Codec.objects(Order.class), deep))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("com.acme.Order is nested too deep");
    }

    @Test
    void shouldRefuseLambdasUnlessTheyAreAllowed() throws Exception {
        assertRefused(new TreeSet<>((Object a, Object b) -> 0), "value.comparator: ");
        Task task = () -> "done";
        assertRefused(List.of(task), "value[0]: a lambda is code, and not allowed: ");

        Codec<Task> allowing =
                Codec.objects(
                        java.lang.invoke.SerializedLambda.class, ObjectsCodecRefusalTest.class);
        assertThat(Bytes.roundTrip(allowing, task).run()).isEqualTo("done");
    }

    @Test
    void shouldRefuseDynamicProxies() {
        Object proxy =
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Task.class},
                        (self, method, arguments) -> null);

        assertRefused(List.of(proxy), "value[0]: a dynamic proxy, ");
    }

    @Test
    void shouldPassOnWhatAHandleSaysThatCannotTravel() {
        assertRefused(
                List.of(new Unnamed()),
                "value[0]: pipe: has no name, so it travels only as a descriptor: ");
    }

    @Test
    void shouldSayThatAnAccessorThrew() {
        assertRefused(
                List.of(new Failing(1)),
                "value[0]: "
                        + Failing.class.getName()
                        + ".number() threw java.lang.IllegalStateException: no");
    }

    @Test
    void shouldServeAThreadThatEncodesWhileItEncodes() {
        List<Nesting> value = List.of(new Nesting("a"), new Nesting("b"));

        assertThat(Bytes.roundTrip(Codec.<List<Nesting>>objects(), value)).isEqualTo(value);
    }

    @Test
    void shouldServeAThreadAfterARefusal() {
        assertRefused(List.of(new Held(Thread.currentThread())), "value[0].owner: ");

        Object value = List.of(new Held("x"), new Held(1));
        assertThat(Bytes.roundTrip(objects, value)).isEqualTo(value);
    }

    private void assertRefused(Object value, String message) {
        assertThatThrownBy(() -> Bytes.encode(objects, value))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(message);
    }

    private static Object nested(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 1; i < depth; i++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    record Held(Object owner) {}

    record Failing(int number) {
        @Override
        public int number() {
            throw new IllegalStateException("no");
        }
    }

    record Nesting(Object inner) {
        Nesting {
            Bytes.roundTrip(Codec.objects(), List.of(1, "a"));
        }

        @Override
        public Object inner() {
            Bytes.roundTrip(Codec.objects(), new Held("other"));
            return inner;
        }
    }

    static final class Plain {}

    interface Task extends Serializable {
        String run();
    }

    static final class Unnamed implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() throws NotSerializableException {
            return Handover.current("pipe:");
        }
    }
}
