// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObjectsCodecTest {
    private final Codec<Object> objects = Codec.objects();

    @Test
    void shouldWriteTheListOfTheTutorialInThirteenBytes() {
        List<Object> list = Arrays.asList(42, null, "hello");

        byte[] bytes = Bytes.encode(objects, list);

        assertThat(bytes).hasSize(13);
        assertThat(Bytes.decode(objects, bytes)).isEqualTo(list);
    }

    @Test
    void shouldKeepTheTypeOfNumbers() {
        Object[] numbers = {
            (byte) -128,
            (short) -32768,
            'x',
            0,
            -1,
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            0L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            1.5f,
            -0.0f,
            Float.NaN,
            1.5,
            -0.0,
            Double.NaN,
            Double.MIN_VALUE,
            true,
            false,
            BigInteger.ONE.shiftLeft(1000).negate(),
            BigInteger.ZERO,
            new BigDecimal("1.500"),
            new BigDecimal("-1E+900")
        };
        for (Object number : numbers) {
            assertThat(Bytes.roundTrip(objects, number)).isEqualTo(number).hasSameClassAs(number);
        }
    }

    @Test
    void shouldKeepEveryBitOfNotANumber() {
        double odd = Double.longBitsToDouble(0x7FF8000000001234L);

        double arrived = (Double) Bytes.roundTrip(objects, odd);

        assertThat(Double.doubleToRawLongBits(arrived)).isEqualTo(0x7FF8000000001234L);
    }

    @Test
    void shouldKeepEveryString() {
        String[] strings = {
            "",
            "hello",
            "naïve",
            "\u00FF\u0100",
            "汉字",
            "\uD83D\uDE00",
            "\uD83D alone",
            "\0",
            "x".repeat(10_000),
            "é".repeat(5000),
            "汉".repeat(5000)
        };
        for (String string : strings) {
            assertThat(Bytes.roundTrip(objects, string)).isEqualTo(string);
        }
    }

    @Test
    void shouldKeepArraysAndTheirComponentType() {
        Object[] arrays = {
            new boolean[] {true, false},
            new byte[] {-1, 0, 1},
            new char[] {'a', '\uFFFF'},
            new short[] {-1, 1},
            new int[] {1, -2},
            new long[] {Long.MIN_VALUE},
            new float[] {1f},
            new double[] {-0.0, 2},
            new int[0],
            new String[] {"a", null},
            new Object[] {1, "b"},
            new Point[] {new Point(1, 2), null},
            new int[][] {{1}, {}, null},
            new TimeUnit[] {TimeUnit.DAYS},
            new String[0][],
            new Comparable<?>[] {1, "x"}
        };
        for (Object array : arrays) {
            Object arrived = Bytes.roundTrip(objects, array);

            assertThat(arrived).hasSameClassAs(array);
            assertThat(Arrays.deepEquals(new Object[] {arrived}, new Object[] {array})).isTrue();
        }
    }

    @Test
    void shouldKeepLargeArrays() {
        double[] doubles = new double[100_000];
        Arrays.setAll(doubles, i -> i / 7.0);
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 7);

        assertThat(Bytes.roundTrip(objects, doubles)).isEqualTo(doubles);
        assertThat(Bytes.roundTrip(objects, List.of(bytes, 1)))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(bytes, 1);
    }

    @Test
    void shouldGiveListsSetsAndMapsOfTheCommonClasses() {
        assertThat(Bytes.roundTrip(objects, List.of(1, 2)))
                .isEqualTo(List.of(1, 2))
                .isInstanceOf(ArrayList.class);
        assertThat(Bytes.roundTrip(objects, new ArrayList<>(List.of(1, 2, 3)).subList(1, 3)))
                .isEqualTo(List.of(2, 3))
                .isInstanceOf(ArrayList.class);
        assertThat(Bytes.roundTrip(objects, Collections.unmodifiableSet(Set.of("a"))))
                .isEqualTo(Set.of("a"))
                .isInstanceOf(LinkedHashSet.class);
        assertThat(Bytes.roundTrip(objects, Map.of("a", 1)))
                .isEqualTo(Map.of("a", 1))
                .isInstanceOf(LinkedHashMap.class);
        assertThat(Bytes.roundTrip(objects, new HashMap<>(Map.of("a", 1)).values()))
                .isEqualTo(List.of(1));
        assertThat(Bytes.roundTrip(objects, Map.entry("a", 1))).isEqualTo(Map.entry("a", 1));
        assertThat(Bytes.roundTrip(objects, new AbstractMap.SimpleEntry<>("a", null)))
                .isEqualTo(new AbstractMap.SimpleEntry<>("a", null));
    }

    @Test
    void shouldKeepTheClassOfOtherCollections() {
        Map<TimeUnit, Object> enumMap = new EnumMap<>(Map.of(TimeUnit.DAYS, 1));
        Object[] collections = {
            new LinkedList<>(Arrays.asList(1, null)),
            new CopyOnWriteArrayList<>(List.of(1)),
            new TreeSet<>(List.of(3, 1, 2)),
            new TreeMap<>(Map.of("b", 1, "a", 2)),
            new ConcurrentHashMap<>(Map.of("a", 1)),
            EnumSet.of(TimeUnit.DAYS),
            EnumSet.noneOf(TimeUnit.class),
            EnumSet.allOf(Letter.class),
            enumMap,
            new EnumMap<>(TimeUnit.class)
        };
        for (Object collection : collections) {
            assertThat(Bytes.roundTrip(objects, collection))
                    .isEqualTo(collection)
                    .hasSameClassAs(collection);
        }
        assertThat(
                        ((ArrayDeque<?>) Bytes.roundTrip(objects, new ArrayDeque<>(List.of(1, 2))))
                                .toArray())
                .containsExactly(1, 2);
    }

    @Test
    void shouldKeepAnEmptyEnumMapForItsType() {
        @SuppressWarnings("unchecked") // as it was sent
        EnumMap<Letter, Integer> arrived =
                (EnumMap<Letter, Integer>)
                        Bytes.roundTrip(objects, (Object) new EnumMap<>(Letter.class));

        arrived.put(Letter.B, 1);

        assertThat(arrived).containsEntry(Letter.B, 1);
    }

    @Test
    void shouldKeepTheOrderOfMapsAndSets() {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 99; i >= 0; i--) {
            map.put("key" + i, i);
        }

        assertThat(((Map<?, ?>) Bytes.roundTrip(objects, map)).keySet().toArray())
                .isEqualTo(map.keySet().toArray());
        assertThat(((Set<?>) Bytes.roundTrip(objects, map.keySet())).toArray())
                .isEqualTo(map.keySet().toArray());
    }

    @Test
    void shouldKeepComparators() {
        for (Comparator<String> order :
                List.of(
                        Comparator.<String>reverseOrder(),
                        Comparator.<String>naturalOrder(),
                        String.CASE_INSENSITIVE_ORDER)) {
            TreeSet<String> set = new TreeSet<>(order);
            set.addAll(List.of("b", "A", "c"));

            assertThat(((TreeSet<?>) Bytes.roundTrip(objects, set)).toArray())
                    .isEqualTo(set.toArray());
        }
    }

    @Test
    void shouldAllowNullInsideEverythingThatAllowsIt() {
        Map<Object, Object> map = new HashMap<>();
        map.put(null, null);
        Object value =
                Arrays.asList(
                        null,
                        map,
                        new Pair<>(null, null),
                        Collections.singleton(null),
                        new Object[1].clone()[0]);

        assertThat(Bytes.roundTrip(objects, value)).isEqualTo(value);
    }

    @Test
    void shouldKeepRecords() {
        Object[] records = {
            new Point(1, -2),
                    new Pair<>(
                            "a",
                            new Pair<>(List.of(new Point(1, 2)), Map.of(1, Optional.of(Letter.A)))),
            new Empty(),
                    new Typed(
                            (byte) 1,
                            (short) 2,
                            'c',
                            4,
                            5L,
                            6f,
                            7.0,
                            true,
                            "s",
                            Letter.B,
                            new ArrayList<>(),
                            new TreeMap<>())
        };
        for (Object value : records) {
            assertThat(Bytes.roundTrip(objects, value)).isEqualTo(value);
        }
    }

    @Test
    void shouldNameAClassOnceInAMessage() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            points.add(new Point(i, -i));
        }
        int one = Bytes.encode(objects, points.subList(0, 1)).length;

        assertThat(Bytes.encode(objects, points).length - one).isLessThan(99 * 9);
        assertThat(Bytes.encode(objects, Collections.nCopies(100, Letter.A)).length)
                .isLessThan(60 + 100 * 2);
        assertThat(Bytes.roundTrip(objects, points)).isEqualTo(points);
    }

    @Test
    void shouldKeepManyClassesAndConstants() {
        List<Object> value = new ArrayList<>(List.of(Character.UnicodeScript.values()));
        value.addAll(value);
        value.add(new Point(1, 2));
        value.addAll(List.of(TimeUnit.values()));
        value.add(new Point(3, 4));

        assertThat(Bytes.roundTrip(objects, value)).isEqualTo(value);
    }

    @Test
    void shouldKeepConstantsWithABody() {
        assertThat(Bytes.roundTrip(objects, List.of(Letter.A, Letter.B)))
                .isEqualTo(List.of(Letter.A, Letter.B));
    }

    @Test
    void shouldKeepOptionals() {
        Object[] optionals = {
            Optional.empty(),
            Optional.of("a"),
            OptionalInt.empty(),
            OptionalInt.of(-1),
            OptionalLong.empty(),
            OptionalLong.of(Long.MIN_VALUE),
            OptionalDouble.empty(),
            OptionalDouble.of(1.5)
        };
        for (Object optional : optionals) {
            assertThat(Bytes.roundTrip(objects, optional)).isEqualTo(optional);
        }
    }

    @Test
    void shouldKeepTimes() {
        ZonedDateTime overlap =
                ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
                        .withLaterOffsetAtOverlap();
        Object[] times = {
            Duration.ofNanos(-1),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Instant.EPOCH,
            Instant.MIN,
            Instant.MAX,
            LocalDate.MIN,
            LocalDate.MAX,
            LocalTime.MIN,
            LocalTime.MAX,
            LocalDateTime.MIN,
            LocalDateTime.MAX,
            OffsetTime.MIN,
            OffsetDateTime.MAX,
            overlap,
            ZoneId.of("Asia/Shanghai"),
            ZoneId.of("UTC"),
            ZoneId.of("GMT+2"),
            ZoneOffset.UTC,
            ZoneOffset.ofHoursMinutes(-3, -30),
            Period.of(-1, 2, 3),
            Year.of(-5),
            YearMonth.of(2026, 2),
            MonthDay.of(2, 29),
            overlap.withZoneSameLocal(ZoneOffset.ofHours(1))
        };
        for (Object time : times) {
            assertThat(Bytes.roundTrip(objects, time)).isEqualTo(time).hasSameClassAs(time);
        }
    }

    @Test
    void shouldKeepNamesOfThings() {
        Object[] names = {
            UUID.randomUUID(), Path.of("/tmp/a b"), Path.of(""), java.net.URI.create("fifo:/tmp/x")
        };
        for (Object name : names) {
            assertThat(Bytes.roundTrip(objects, name)).isEqualTo(name);
        }
    }

    @Test
    void shouldSayHowMuchRoomItNeedsAndWriteNothingBeyond() {
        Object value = List.of("hello", new int[1000], "汉".repeat(3000), new Point(1, 2));
        byte[] whole = Bytes.encode(objects, value);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(whole.length);
            for (int size = 0; size < whole.length; size += 97) {
                room.fill((byte) 0x55);

                assertThat(objects.encode(value, room.asSlice(0, size))).isEqualTo(whole.length);
                assertThat(room.asSlice(size).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                        .containsOnly(0x55);
            }
        }
    }

    @Test
    void shouldRefuseNullAsAMessageAndNameEnd() {
        assertThatThrownBy(() -> objects.encode(null, MemorySegment.ofArray(new byte[8])))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("end()");
    }

    @Test
    void shouldServeVirtualThreads() throws InterruptedException {
        Object value = List.of("x".repeat(3000), new Point(1, 2));
        Object[] arrived = new Object[1];
        Thread.ofVirtual().start(() -> arrived[0] = Bytes.roundTrip(objects, value)).join();

        assertThat(arrived[0]).isEqualTo(value);
    }

    record Point(int x, int y) {}

    record Pair<A, B>(A first, B second) {}

    record Empty() {}

    record Typed(
            byte b,
            short s,
            char c,
            int i,
            long l,
            float f,
            double d,
            boolean z,
            String text,
            Letter letter,
            ArrayList<String> list,
            TreeMap<String, String> map) {}

    enum Letter {
        A {
            @Override
            int place() {
                return 1;
            }
        },
        B {
            @Override
            int place() {
                return 2;
            }
        };

        abstract int place();
    }
}
