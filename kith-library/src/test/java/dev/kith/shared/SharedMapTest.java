// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.codec.Codec;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedMapTest {
    private static final int TIMES = 20_000;

    private final String name = Regions.name().name();
    private SharedMap<String, String> map;

    @BeforeEach
    void create() {
        map =
                SharedMap.create(
                        name, Codec.utf8(), Codec.utf8(), MapPeer.CAPACITY, MapPeer.ENTRY_BYTES);
    }

    @AfterEach
    void remove() {
        map.unlink();
        map.close();
    }

    @Test
    void shouldHoldWhatTwoProcessesPut() throws Exception {
        Map<String, String> model;
        try (ChildJvm child = peer("walk", "child", TIMES)) {
            assertThat(child.line()).isEqualTo("ready");
            model = MapPeer.walk(map, "parent", TIMES);
            assertThat(child.waitFor()).isZero();
        }
        model.putAll(MapPeer.walk(new HashMap<>(), "child", TIMES));
        assertThat(map).isEqualTo(model).hasSameSizeAs(model);
        assertThat(model.keySet()).allMatch(map::containsKey);
        assertThat(map.hashCode()).isEqualTo(model.hashCode());
    }

    @Test
    void shouldNeverShowAHalfOrMissWhatIsThere() throws Exception {
        map.put("there", "always");
        map.put("flips", MapPeer.text(0));
        try (ChildJvm child = peer("flip", "flips", TIMES)) {
            assertThat(child.line()).isEqualTo("ready");
            for (int last = 0; last < TIMES - 1; ) {
                int seen = MapPeer.number(map.get("flips"));
                assertThat(seen).isGreaterThanOrEqualTo(last);
                last = seen;
                assertThat(map.get("there")).isEqualTo("always");
                String passing = map.get("passing by");
                if (passing != null) {
                    MapPeer.number(passing);
                }
                assertThat(map.keySet()).contains("there", "flips");
            }
            assertThat(child.waitFor()).isZero();
        }
    }

    @Test
    void shouldLoseNoMergeOfTwoProcesses() throws Exception {
        try (ChildJvm child = peer("count", "sum", TIMES)) {
            assertThat(child.line()).isEqualTo("ready");
            for (int n = 0; n < TIMES; n++) {
                map.merge("sum", "1", (a, b) -> "" + (Integer.parseInt(a) + 1));
            }
            assertThat(child.waitFor()).isZero();
        }
        assertThat(map.get("sum")).isEqualTo("" + 2 * TIMES);
    }

    @Test
    void shouldBeWholeWhenWhoChangesItDiesAtAnyStore() throws Exception {
        int points =
                EachPoint.die(
                        MapPeer.class,
                        _ -> map.clear(),
                        _ -> new String[] {"steps", name},
                        point -> {
                            assertThat(isAfterSomeSteps()).as("point %d: %s", point, map).isTrue();
                            assertThat(map.entrySet()).as("point %d", point).hasSize(map.size());
                            for (int n = map.size(); n < MapPeer.CAPACITY; n++) {
                                assertThat(map.put("more " + n, "x")).isNull();
                            }
                            assertThat(map).hasSize(MapPeer.CAPACITY);
                            assertThatThrownBy(() -> map.put("too many", "x"))
                                    .isInstanceOf(IllegalStateException.class);
                            assertThat(map.replace("more 40", "y")).isEqualTo("x");
                        });
        assertThat(points).isGreaterThan(60);
    }

    @Test
    void shouldBeWholeWhenWhoChangesItIsKilledAnywhere() throws Exception {
        for (int round = 0; round < 5; round++) {
            map.put("flips", MapPeer.text(0));
            try (ChildJvm child = peer("flip", "flips", Integer.MAX_VALUE)) {
                assertThat(child.line()).isEqualTo("ready");
                while (MapPeer.number(map.get("flips")) < 1000 * round) {
                    Thread.onSpinWait();
                }
                child.kill();
            }
            MapPeer.number(map.get("flips"));
            assertThat(map.tryPut("alive", "yes", Duration.ofSeconds(10))).isTrue();
            map.remove("passing by");
            assertThat(map.keySet()).containsExactlyInAnyOrder("flips", "alive");
            assertThat(map).hasSize(2);
        }
    }

    @Test
    void shouldWaitNoLongerThanItIsToldForOneThatWasStopped() throws Exception {
        try (ChildJvm child = peer("flip", "flips", Integer.MAX_VALUE)) {
            assertThat(child.line()).isEqualTo("ready");
            while (!map.containsKey("flips")) {
                Thread.onSpinWait();
            }
            boolean put = true;
            for (int tries = 0; put && tries < 300; tries++) {
                child.signal("STOP"); // with the lock in its hand, now and then
                put = map.tryPut("mine", "x", Duration.ofMillis(1));
                MapPeer.number(map.get("flips"));
                child.signal("CONT");
            }
            child.kill();
            assertThat(map.tryPut("mine", "x", Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void shouldDoWhatConcurrentMapDoes() {
        assertThat(map.put("a", "1")).isNull();
        assertThat(map.put("a", "2")).isEqualTo("1");
        assertThat(map.putIfAbsent("a", "3")).isEqualTo("2");
        assertThat(map.putIfAbsent("b", "3")).isNull();
        assertThat(map.replace("c", "4")).isNull();
        assertThat(map.replace("b", "4")).isEqualTo("3");
        assertThat(map.replace("b", "3", "5")).isFalse();
        assertThat(map.replace("b", "4", "5")).isTrue();
        assertThat(map.remove("b", "4")).isFalse();
        assertThat(map.remove("b", "5")).isTrue();
        assertThat(map.remove("b")).isNull();
        assertThat(map.computeIfAbsent("d", key -> key + key)).isEqualTo("dd");
        assertThat(map.computeIfPresent("d", (key, value) -> null)).isNull();
        assertThat(map.compute("e", (key, value) -> "" + value)).isEqualTo("null");
        assertThat(map.getOrDefault("f", "none")).isEqualTo("none");
        map.putAll(Map.of("g", "7"));
        map.replaceAll((key, value) -> value + "!");
        assertThat(map)
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", "2!", "e", "null!", "g", "7!"));
        assertThat(map.values()).containsExactlyInAnyOrder("2!", "null!", "7!");
        assertThat(map.containsValue("7!")).isTrue();
        assertThat(map.keySet().remove("a")).isTrue();
        for (Map.Entry<String, String> each : map.entrySet()) {
            each.setValue(each.getKey() + "?");
        }
        assertThat(map.entrySet().remove(Map.entry("e", "e"))).isFalse();
        assertThat(map).isEqualTo(Map.of("e", "e?", "g", "g?"));
        Iterator<String> keys = map.keySet().iterator();
        keys.next();
        keys.remove();
        assertThatThrownBy(keys::remove).isInstanceOf(IllegalStateException.class);
        assertThat(map).hasSize(1);
        keys.next();
        assertThatThrownBy(keys::next).isInstanceOf(NoSuchElementException.class);
        map.clear();
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.capacity()).isEqualTo(MapPeer.CAPACITY);
        assertThat(map.entryBytes()).isEqualTo(MapPeer.ENTRY_BYTES);
    }

    @Test
    void shouldKnowBytesByWhatTheyAre() {
        try (SharedMap<byte[], byte[]> bytes =
                SharedMap.anonymous(Codec.bytes(), Codec.bytes(), 3, 1000)) {
            bytes.put(new byte[] {1, 2}, new byte[700]);
            assertThat(bytes.get(new byte[] {1, 2})).hasSize(700);
            assertThat(bytes.get(new byte[] {1, 3})).isNull();
            assertThat(bytes.get(new byte[2000])).isNull();
            assertThat(bytes.replace(new byte[] {1, 2}, new byte[700], new byte[3])).isTrue();
            assertThat(bytes.remove(new byte[] {1, 2}, new byte[3])).isTrue();
            bytes.put(new byte[0], new byte[0]);
            assertThat(bytes.get(new byte[0])).isEmpty();
        }
    }

    @Test
    void shouldRefuseWhatItCannotHave() {
        assertThatThrownBy(() -> map.put("key", "x".repeat(62)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("put into map shm:/" + name)
                .hasMessageContaining("key=3, value=62, limit=64 bytes");
        assertThat(map.put("key", "x".repeat(61))).isNull();
        assertThatThrownBy(() -> map.put("key", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.put(null, "x")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.putIfAbsent("key", null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.get(null)).isInstanceOf(NullPointerException.class);
        assertThat(map.get("key")).hasSize(61);
        assertThatThrownBy(() -> SharedMap.anonymous(Codec.utf8(), Codec.utf8(), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=0");
        assertThatThrownBy(() -> SharedMap.anonymous(Codec.utf8(), Codec.utf8(), 1, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entryBytes=-1");
        assertThatThrownBy(() -> SharedMap.arriving("text")).isInstanceOf(Broken.class);
        try (SharedMap<String, String> closed = SharedMap.open(name, Codec.utf8(), Codec.utf8())) {
            closed.close();
            assertThatThrownBy(() -> closed.put("key", "x")).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldSayThatItIsDamaged() {
        map.put("key", "value");
        var data = map.region().data();
        for (long at = 0; at < 4L * map.buckets(); at += 4) {
            data.set(ValueLayout.JAVA_INT, at, 1);
        }
        long cells = 4L * map.buckets() + (4L * (MapPeer.CAPACITY + 1) + 7) / 8 * 8;
        data.set(ValueLayout.JAVA_INT, cells, 1); // the first cell is its own next
        assertThatThrownBy(() -> map.get("other"))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("a chain comes back to itself");
        data.set(ValueLayout.JAVA_INT, cells, 1 << 30);
        assertThatThrownBy(() -> map.put("other", "x"))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("cell: expected=0 to 49, found=" + (1 << 30));
        data.set(ValueLayout.JAVA_INT, cells, 0);
        data.set(ValueLayout.JAVA_INT, cells + 4, 65);
        assertThatThrownBy(() -> map.entrySet().iterator().next())
                .isInstanceOf(Broken.class)
                .hasMessageContaining("bytes of a key: limit=64, found=65");
    }

    private boolean isAfterSomeSteps() {
        Map<String, String> model = new HashMap<>();
        for (int step = 0; step < MapPeer.STEPS; step++) {
            if (map.equals(model)) {
                return true;
            }
            MapPeer.step(model, step);
        }
        return map.equals(model);
    }

    private ChildJvm peer(String verb, String key, int times) throws Exception {
        return ChildJvm.start(MapPeer.class, verb, name, key, "" + times);
    }
}
