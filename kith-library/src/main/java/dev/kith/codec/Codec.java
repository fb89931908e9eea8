// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.ObjectInputFilter;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Turns values into bytes in a memory segment and back.
 *
 * <p>A codec holds no state of a conversation: any number of threads may use it at the same time,
 * and every message is decoded on its own. The built-in ones are {@link java.io.Serializable}, so a
 * channel that uses them can travel to a child.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
    /**
     * Writes a value at the start of {@code target}, as snprintf(3) does: if the value needs more
     * bytes than there are, what was written is void, and the caller comes again with a segment
     * that is large enough.
     *
     * @param value the value, not null
     * @param target where to write; of any alignment
     * @return how many bytes the value takes; more than {@code target.byteSize()} if it did not fit
     * @throws dev.kith.IpcException if this value can never be encoded; says which part and why
     */
    long encode(T value, MemorySegment target);

    /**
     * Reads a value.
     *
     * @param source exactly the bytes of one value; of any alignment; not valid after the call, so
     *     what is kept must be copied
     * @return the value, never null
     * @throws dev.kith.Broken if the bytes are not such a value
     */
    T decode(MemorySegment source);

    /**
     * Writes a value into a part of a segment: as {@code encode(value, target.asSlice(offset,
     * length))}, which is what it does if it is not overridden. The built-in codecs of numbers,
     * bytes and structs make no such segment, so that nothing is allocated.
     *
     * @param value the value, not null
     * @param target where to write
     * @param offset where the part begins; of any alignment
     * @param length bytes of the part; what is outside belongs to others and must not be touched
     * @return how many bytes the value takes; more than {@code length} if it did not fit
     * @throws dev.kith.IpcException if this value can never be encoded; says which part and why
     */
    default long encode(T value, MemorySegment target, long offset, long length) {
        return encode(value, target.asSlice(offset, length));
    }

    /**
     * Reads a value from a part of a segment: as {@code decode(source.asSlice(offset, length))},
     * see {@link #encode(Object, MemorySegment, long, long)}.
     *
     * @param source what has the bytes of one value; not valid after the call
     * @param offset where they begin; of any alignment
     * @param length how many there are
     * @return the value, never null
     * @throws dev.kith.Broken if the bytes are not such a value
     */
    default T decode(MemorySegment source, long offset, long length) {
        return decode(source.asSlice(offset, length));
    }

    /**
     * The length that every value has, for mechanisms that carry only that.
     *
     * @return bytes, or -1 if the length depends on the value
     */
    default long fixedBytes() {
        return -1;
    }

    /**
     * Bytes as they are.
     *
     * @return the codec; the arrays are copied in both directions
     */
    static Codec<byte[]> bytes() {
        return BytesCodec.BYTES;
    }

    /**
     * Text in UTF-8.
     *
     * @return the codec; what is not UTF-8 is refused in both directions, as {@link
     *     dev.kith.Broken} when reading
     */
    static Codec<String> utf8() {
        return Utf8Codec.UTF8;
    }

    /**
     * A 64-bit integer, 8 bytes, little-endian: the {@code int64_t} of C on x86-64 and aarch64.
     *
     * @return the codec
     */
    static Codec<Long> longs() {
        return LongCodec.LONGS;
    }

    /**
     * A floating-point number, 8 bytes, little-endian: the {@code double} of C on x86-64 and
     * aarch64.
     *
     * @return the codec
     */
    static Codec<Double> doubles() {
        return DoubleCodec.DOUBLES;
    }

    /**
     * A record as the struct that a C compiler makes of it on x86-64 and aarch64, with the same
     * padding, little-endian, for C, numpy and whoever counts nanoseconds:
     *
     * <pre>{@code
     * enum Side { BUY, SELL }
     *
     * record Order(long id, Side side, double price, @Length(8) String symbol) {}
     *
     * StructLayout<Order> orders = Codec.struct(Order.class); // 32 bytes
     * }</pre>
     *
     * <p>A component may be
     *
     * <ul>
     *   <li>of a primitive type: {@code boolean} is 1 byte ({@code bool}), {@code char} 2 ({@code
     *       uint16_t});
     *   <li>an enum: its ordinal, 4 bytes, as C does, so new constants go to the end; one that the
     *       reader does not have is {@link dev.kith.Broken};
     *   <li>a record, which is a struct in the struct;
     *   <li>an array of a primitive type or of records with {@link Length @Length(n)}: exactly so
     *       many elements;
     *   <li>a {@link String} with {@link Length @Length(n)}: UTF-8 of at most n bytes, padded with
     *       NUL. One that is full has no NUL at its end: C reads it with {@code strnlen} and {@code
     *       "%.*s"}.
     * </ul>
     *
     * <p>Nothing may be null. The record may be private; in a named module its package must be open
     * to {@code dev.kith}. {@link Packed} takes the padding away.
     *
     * <p>Encoding allocates nothing. Decoding allocates the record and the objects in it, or
     * nothing if it is of numbers and does not leave the method that reads it. Both take some
     * nanoseconds.
     *
     * @param <R> the record class
     * @param type the record class
     * @return the codec, always the same for a class; {@link StructLayout#toC()} prints the struct
     * @throws IllegalArgumentException if the class cannot be a struct, or is closed to Kith; says
     *     which component, why, and what to use instead
     */
    static <R extends Record> StructLayout<R> struct(Class<R> type) {
        return StructCodec.of(Objects.requireNonNull(type, "type"));
    }

    /**
     * Values of any type:
     *
     * <pre>{@code
     * record Job(String what, Path file) {}
     *
     * try (Channel<Job> jobs = Channel.open("mq:/jobs", Codec.objects())) {
     *     jobs.send(new Job("resize", Path.of("a.png")));
     * }
     * }</pre>
     *
     * <p>These have a compact form of their own:
     *
     * <ul>
     *   <li>null (inside values), booleans, numbers, characters, strings, enums, records, arrays;
     *       {@link java.math.BigInteger}, {@link java.math.BigDecimal}, {@link java.util.UUID},
     *       {@link java.util.Optional} and its kin, {@code java.time}, paths. They arrive as the
     *       same class.
     *   <li>Lists arrive as {@link java.util.ArrayList}, sets as {@link java.util.LinkedHashSet},
     *       maps as {@link java.util.LinkedHashMap}, in the order in which they were sent,
     *       whichever of {@code java.util}'s classes they were, immutable ones and views included.
     *       {@code LinkedList}, {@code ArrayDeque}, {@code CopyOnWriteArrayList}, {@code TreeSet},
     *       {@code TreeMap} (with their comparator), {@code EnumSet}, {@code EnumMap} and {@code
     *       ConcurrentHashMap} keep their class. Entries arrive immutable.
     * </ul>
     *
     * <p>A record needs nothing: it is written by its accessors and made by its canonical
     * constructor. Its class must be on the class path of both sides with the same components; in a
     * named module its package must be open to {@code dev.kith}. Classes are looked up in the
     * context class loader, then in Kith's.
     *
     * <p>The rest travels by Java serialisation, slower and behind a list of what is allowed:
     * exceptions and some values of {@code java.base}, and Kith's handles and channels, whose
     * reading opens what they name. Other classes need {@link #objects(Class...)}. Whatever is not
     * on the list is refused by name, by the sender as well.
     *
     * <p>{@code [42, null, "hello"]} takes 13 bytes. An object met twice in a value arrives as two.
     * A value that contains itself, or is nested deeper than 128, is refused, and so is one with
     * something in it that cannot travel; the exception says where: {@code value[2].owner:
     * java.lang.Thread is not Serializable}. Whatever bytes arrive, reading them ends in a value or
     * in {@link dev.kith.Broken}, and takes memory in proportion to their number. (A handle may
     * also fail to open, with the exception of its opening.) No code of a class runs that is not an
     * enum, a record or on the list: of those, initialisers, constructors, {@code equals}, {@code
     * hashCode} and {@code compareTo} do.
     *
     * @param <T> what the program expects; nobody checks it, so a peer that sends something else
     *     causes a {@link ClassCastException} where the value is used
     * @return the codec
     */
    static <T> Codec<T> objects() {
        return ObjectsCodec.of(Allowed.STANDARD);
    }

    /**
     * Values of any type, objects of these classes among them, by Java serialisation.
     *
     * <p>Reading runs their {@code readObject}: allow only what was written with that in mind. A
     * sealed class brings those it permits, any class those that it extends. With the first class
     * of one's own come the collections of {@code java.util} and records, which most objects hold.
     *
     * @param <T> what the program expects, as for {@link #objects()}
     * @param allowed classes to allow besides those of {@link #objects()}
     * @return the codec; both sides need it
     */
    static <T> Codec<T> objects(Class<?>... allowed) {
        return ObjectsCodec.of(Allowed.classes(allowed));
    }

    /**
     * Values of any type, with a filter that has the first word on every class: each record, enum
     * and component of an array, and whatever Java serialisation is to read. Where it is undecided,
     * {@link #objects(Class...)} decides. A pattern serves well: {@code
     * ObjectInputFilter.Config.createFilter("com.acme.**;!com.**")}.
     *
     * @param <T> what the program expects, as for {@link #objects()}
     * @param filter asked when writing, too; used by many threads at the same time
     * @return the codec; it travels to a child only if the filter is {@link java.io.Serializable}
     */
    static <T> Codec<T> objects(ObjectInputFilter filter) {
        return ObjectsCodec.of(Allowed.filter(Objects.requireNonNull(filter, "filter")));
    }
}
