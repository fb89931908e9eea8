// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/** How the values of a class are written: found once for each class, and forgotten with it. */
final class Shape {
    private static final ClassValue<Shape> SHAPES =
            new ClassValue<>() {
                @Override
                protected Shape computeValue(Class<?> type) {
                    return new Shape(type);
                }
            };

    /** One of {@link Tag}; {@link Tag#JAVA} for what has no form of its own. */
    final int tag;

    /** The components, if the tag is {@link Tag#RECORD}. */
    final RecordShape record;

    private Shape(Class<?> type) {
        tag = tag(type);
        record = tag == Tag.RECORD ? new RecordShape(type) : null;
    }

    static Shape of(Class<?> type) {
        return SHAPES.get(type);
    }

    private static int tag(Class<?> type) {
        if (type.isArray()) {
            return array(type.getComponentType());
        }
        if (type.isRecord()) {
            return RecordShape.replacesItself(type) ? Tag.JAVA : Tag.RECORD;
        }
        if (Enum.class.isAssignableFrom(type)) {
            return Tag.ENUM;
        }
        if (Path.class.isAssignableFrom(type)) {
            return Tag.PATH;
        }
        if (type.getClassLoader() != null) {
            return Tag.JAVA;
        }
        int known = known(type.getName());
        return known == Tag.JAVA && type.getName().startsWith("java.util.") ? view(type) : known;
    }

    private static int array(Class<?> component) {
        if (!component.isPrimitive()) {
            return Tag.ARRAY;
        }
        return switch (component.getName()) {
            case "boolean" -> Tag.BOOLEANS;
            case "byte" -> Tag.BYTES;
            case "char" -> Tag.CHARS;
            case "short" -> Tag.SHORTS;
            case "int" -> Tag.INTS;
            case "long" -> Tag.LONGS;
            case "float" -> Tag.FLOATS;
            default -> Tag.DOUBLES;
        };
    }

    private static int known(String name) {
        return switch (name) {
            case "java.lang.Byte" -> Tag.BYTE;
            case "java.lang.Short" -> Tag.SHORT;
            case "java.lang.Character" -> Tag.CHARACTER;
            case "java.lang.Float" -> Tag.FLOAT;
            case "java.math.BigInteger" -> Tag.BIG_INTEGER;
            case "java.math.BigDecimal" -> Tag.BIG_DECIMAL;
            case "java.util.ArrayList" -> Tag.LIST;
            case "java.util.LinkedList" -> Tag.LINKED_LIST;
            case "java.util.concurrent.CopyOnWriteArrayList" -> Tag.COPY_ON_WRITE_LIST;
            case "java.util.ArrayDeque" -> Tag.ARRAY_DEQUE;
            case "java.util.HashSet", "java.util.LinkedHashSet" -> Tag.SET;
            case "java.util.concurrent.ConcurrentHashMap$KeySetView" -> Tag.SET;
            case "java.util.TreeSet" -> Tag.TREE_SET;
            case "java.util.HashMap", "java.util.LinkedHashMap" -> Tag.MAP;
            case "java.util.concurrent.ConcurrentHashMap" -> Tag.CONCURRENT_MAP;
            case "java.util.TreeMap" -> Tag.TREE_MAP;
            case "java.util.AbstractMap$SimpleEntry" -> Tag.ENTRY;
            case "java.util.AbstractMap$SimpleImmutableEntry" -> Tag.ENTRY;
            case "java.util.Optional" -> Tag.OPTIONAL;
            case "java.util.OptionalInt" -> Tag.OPTIONAL_INT;
            case "java.util.OptionalLong" -> Tag.OPTIONAL_LONG;
            case "java.util.OptionalDouble" -> Tag.OPTIONAL_DOUBLE;
            case "java.util.UUID" -> Tag.UUID;
            case "java.time.Duration" -> Tag.DURATION;
            case "java.time.Instant" -> Tag.INSTANT;
            case "java.time.LocalDate" -> Tag.LOCAL_DATE;
            case "java.time.LocalTime" -> Tag.LOCAL_TIME;
            case "java.time.LocalDateTime" -> Tag.LOCAL_DATE_TIME;
            case "java.time.OffsetTime" -> Tag.OFFSET_TIME;
            case "java.time.OffsetDateTime" -> Tag.OFFSET_DATE_TIME;
            case "java.time.ZonedDateTime" -> Tag.ZONED_DATE_TIME;
            case "java.time.ZoneOffset" -> Tag.ZONE_OFFSET;
            case "java.time.ZoneRegion" -> Tag.ZONE;
            case "java.time.Period" -> Tag.PERIOD;
            case "java.time.Year" -> Tag.YEAR;
            case "java.time.YearMonth" -> Tag.YEAR_MONTH;
            case "java.time.MonthDay" -> Tag.MONTH_DAY;
            default -> Tag.JAVA;
        };
    }

    /** What java.util does not name in public is a view, a wrapper or an immutable collection. */
    private static int view(Class<?> type) {
        if (EnumSet.class.isAssignableFrom(type)) {
            return Tag.ENUM_SET;
        }
        if (EnumMap.class == type) {
            return Tag.ENUM_MAP;
        }
        if (Modifier.isPublic(type.getModifiers())) {
            return Tag.JAVA;
        }
        if (List.class.isAssignableFrom(type)) {
            return Tag.LIST;
        }
        if (SortedSet.class.isAssignableFrom(type)) {
            return Tag.TREE_SET;
        }
        if (Set.class.isAssignableFrom(type)) {
            return Tag.SET;
        }
        if (SortedMap.class.isAssignableFrom(type)) {
            return Tag.TREE_MAP;
        }
        if (Map.class.isAssignableFrom(type)) {
            return Tag.MAP;
        }
        if (Map.Entry.class.isAssignableFrom(type)) {
            return Tag.ENTRY;
        }
        return Collection.class.isAssignableFrom(type) ? Tag.LIST : Tag.JAVA;
    }
}
