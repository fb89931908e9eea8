// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

/*
 * The bytes of Codec.objects().
 *
 *   message   VERSION value, and nothing after it
 *   value     tag, then what the comment beside the tag says
 *   n         a count or length, unsigned LEB128: seven bits a byte, lowest first, high bit: more
 *   z         a signed number, zigzag (0, -1, 1, -2 become 0, 1, 2, 3), then as n
 *   text      n, then n bytes of UTF-8
 *   class     n: 0 and the name as text, or the place (from 1) of a class named earlier
 *   shape     n: 0, class, n component names; or the place of a shape given earlier
 *   constant  n: 0, class, name; or the place of a constant given earlier
 *
 * Shapes and constants are counted together, classes by themselves; both begin anew in each
 * message. What has a fixed width is little-endian. There are no references between values: an
 * object met twice is written twice, so that no message is smaller than the work that it makes.
 */

/** What the byte before each value says. */
final class Tag {
    /** First byte of every message: no ASCII, nor how pickles and Java's streams begin. */
    static final int VERSION = 0xA1;

    static final int NULL = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int INTEGER = 3; // z
    static final int LONG = 4; // z
    static final int DOUBLE = 5; // 8 bytes
    static final int STRING = 6; // n, n bytes of ISO 8859-1
    static final int WIDE_STRING = 7; // n, n UTF-16 units; lone surrogates too
    static final int BYTE = 8; // 1 byte
    static final int SHORT = 9; // z
    static final int CHARACTER = 10; // n
    static final int FLOAT = 11; // 4 bytes
    static final int BIG_INTEGER = 12; // n, n bytes of two's complement, big-endian
    static final int BIG_DECIMAL = 13; // scale z, unscaled as BIG_INTEGER

    static final int LIST = 14; // n, n values; as are the next three
    static final int LINKED_LIST = 15;
    static final int COPY_ON_WRITE_LIST = 16;
    static final int ARRAY_DEQUE = 17;
    static final int SET = 18; // n, n values
    static final int TREE_SET = 19; // the comparator or null, n, n values
    static final int ENUM_SET = 20; // class, n, n values
    static final int MAP = 21; // n, n times key and value
    static final int CONCURRENT_MAP = 22; // n, n times key and value
    static final int TREE_MAP = 23; // the comparator or null, n, n times key and value
    static final int ENUM_MAP = 24; // class, n, n times key and value
    static final int ENTRY = 25; // key, value

    static final int RECORD = 26; // shape, a value for each component
    static final int ENUM = 27; // constant
    static final int ARRAY = 28; // class of the components, n, n values
    static final int BOOLEANS = 29; // n, n elements; as are the next seven
    static final int BYTES = 30;
    static final int CHARS = 31;
    static final int SHORTS = 32;
    static final int INTS = 33;
    static final int LONGS = 34;
    static final int FLOATS = 35;
    static final int DOUBLES = 36;

    static final int EMPTY = 37; // Optional.empty()
    static final int OPTIONAL = 38; // value
    static final int OPTIONAL_INT = 39; // n: 0 or 1, z
    static final int OPTIONAL_LONG = 40; // n: 0 or 1, z
    static final int OPTIONAL_DOUBLE = 41; // n: 0 or 1, 8 bytes

    static final int DURATION = 42; // seconds z, nanoseconds n
    static final int INSTANT = 43; // seconds z, nanoseconds n
    static final int LOCAL_DATE = 44; // day since 1970 z
    static final int LOCAL_TIME = 45; // nanosecond of the day z
    static final int LOCAL_DATE_TIME = 46; // date, time
    static final int OFFSET_TIME = 47; // time, offset in seconds z
    static final int OFFSET_DATE_TIME = 48; // date, time, offset
    static final int ZONED_DATE_TIME = 49; // date, time, offset, zone as text
    static final int ZONE_OFFSET = 50; // offset
    static final int ZONE = 51; // text
    static final int PERIOD = 52; // years z, months z, days z
    static final int YEAR = 53; // z
    static final int YEAR_MONTH = 54; // year z, month n
    static final int MONTH_DAY = 55; // month n, day n

    static final int UUID = 56; // 16 bytes
    static final int PATH = 57; // text
    static final int JAVA = 58; // n, n bytes of Java serialisation

    private Tag() {}
}
