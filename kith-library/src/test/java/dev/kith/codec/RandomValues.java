// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import com.acme.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Values of all kinds, the same for the same seed; equal by {@code Objects.deepEquals} if they are.
 */
final class RandomValues {
    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    /** A value that holds others down to a depth; arrays stand in arrays only. */
    Object value(int depth) {
        int kind = random.nextInt(10);
        if (depth == 0 || kind < 4) {
            return leaf();
        }
        return kind < 6 ? array(depth) : container(depth);
    }

    private Object array(int depth) {
        int length = random.nextInt(20);
        switch (random.nextInt(8)) {
            case 0:
                byte[] bytes = new byte[random.nextInt(9000)];
                random.nextBytes(bytes);
                return bytes;
            case 1:
                return random.ints(length).toArray();
            case 2:
                return random.longs(length).toArray();
            case 3:
                return random.doubles(random.nextInt(1000)).toArray();
            case 4:
                boolean[] booleans = new boolean[length];
                for (int i = 0; i < length; i++) {
                    booleans[i] = random.nextBoolean();
                }
                return booleans;
            case 5:
                return text().toCharArray();
            case 6:
                String[] strings = new String[length];
                for (int i = 0; i < length; i++) {
                    strings[i] = random.nextInt(5) == 0 ? null : text();
                }
                return strings;
            default:
                Object[] values = new Object[length];
                for (int i = 0; i < length; i++) {
                    values[i] = value(depth - 1);
                }
                return values;
        }
    }

    /** A value without arrays that holds others down to a depth. */
    Object container(int depth) {
        switch (random.nextInt(13)) {
            case 0:
                return new LinkedList<>(list(depth));
            case 1:
                return set(depth);
            case 2:
                return new TreeSet<>(List.of(random.nextInt(), random.nextInt(), 1));
            case 3:
                TreeMap<String, Object> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                sorted.put(text(), inner(depth));
                sorted.put(text(), inner(depth));
                return sorted;
            case 4:
                EnumMap<TimeUnit, Object> byUnit = new EnumMap<>(TimeUnit.class);
                byUnit.put(unit(), inner(depth));
                return byUnit;
            case 5:
                return EnumSet.of(unit(), unit());
            case 6:
                return new ObjectsCodecTest.Pair<>(inner(depth), inner(depth));
            case 7:
                return Optional.ofNullable(inner(depth));
            case 8:
                return map(depth);
            case 9:
                return new HashMap<>(map(depth));
            case 10:
                return new ArrayList<>(new ArrayDeque<>(List.of(1, text())));
            default:
                return list(depth);
        }
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            list.add(inner(depth));
        }
        return list;
    }

    private Set<Object> set(int depth) {
        return new LinkedHashSet<>(list(depth));
    }

    private Map<Object, Object> map(int depth) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            map.put(inner(depth), inner(depth));
        }
        return map;
    }

    private Object inner(int depth) {
        return depth == 1 || random.nextInt(3) > 0 ? leaf() : container(depth - 1);
    }

    private Object leaf() {
        return switch (random.nextInt(22)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextInt(100) - 50;
            case 4 -> random.nextLong();
            case 5 -> (long) random.nextInt();
            case 6 -> random.nextGaussian();
            case 7 -> random.nextFloat();
            case 8 -> (byte) random.nextInt();
            case 9 -> (short) random.nextInt();
            case 10 -> (char) random.nextInt();
            case 11 -> new BigInteger(random.nextInt(200), random);
            case 12 ->
                    new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt());
            case 13 -> unit();
            case 14 -> new UUID(random.nextLong(), random.nextLong());
            case 15 -> Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000));
            case 16 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case 17 ->
                    LocalDate.ofEpochDay(random.nextInt(1_000_000))
                            .atTime(1, 2)
                            .atOffset(ZoneOffset.ofHours(random.nextInt(18)));
            case 18 -> new Money(random.nextLong(), "EUR");
            case 19 -> OptionalInt.of(random.nextInt());
            default -> text();
        };
    }

    private TimeUnit unit() {
        return TimeUnit.values()[random.nextInt(7)];
    }

    private String text() {
        int length = random.nextInt(20) == 0 ? random.nextInt(5000) : random.nextInt(20);
        int bound = new int[] {0x80, 0x100, 0x10000}[random.nextInt(3)];
        char[] units = new char[length];
        for (int i = 0; i < length; i++) {
            units[i] = (char) random.nextInt(bound);
        }
        return new String(units);
    }
}
