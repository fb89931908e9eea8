// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A record class laid out as a C struct: the codec of such records, where each component lies, and
 * the same in C and numpy. Made by {@link Codec#struct(Class)}, which says what may be in it.
 *
 * <p>Who cannot afford to make a record for a message, or wants one number of it, reads and writes
 * in place:
 *
 * <pre>{@code
 * record Tick(long time, double price, int size) {}
 *
 * static final StructLayout<Tick> TICK = Codec.struct(Tick.class);
 * static final VarHandle PRICE = TICK.varHandle("price");
 *
 * double price = (double) PRICE.get(segment, 0L); // of the struct that begins at byte 0
 * PRICE.set(segment, 0L, 99.5);
 * }</pre>
 *
 * <p>Keep layouts and handles in {@code static final} fields: the JIT compiler then sees through
 * them. A record that {@link #read} or {@link #decode} makes and that does not escape from the
 * method that asked for it is then not allocated at all.
 *
 * <p>A path is the name of a component, with dots into records and indices into arrays: {@code
 * "price"}, {@code "leg.price"}, {@code "levels[2].price"}. Any thread may use a layout.
 *
 * @param <R> the record class
 */
public sealed interface StructLayout<R extends Record> extends Codec<R> permits StructCodec {
    /**
     * The record class.
     *
     * @return the class
     */
    Class<R> type();

    /**
     * The size of the struct, {@code sizeof} in C, padding at its end included.
     *
     * @return bytes, at least 1
     */
    long byteSize();

    /**
     * The alignment that C gives the struct. Nothing here needs it: structs are read and written at
     * any address.
     *
     * @return 1, 2, 4 or 8
     */
    long byteAlignment();

    /**
     * Where a component begins, {@code offsetof} in C.
     *
     * @param path which one
     * @return bytes from the begin of the struct
     * @throws IllegalArgumentException if there is no such component; says which there are
     */
    long offset(String path);

    /**
     * Reads and writes one number in place, at any address. Coordinates are the segment and the
     * offset of the struct in it, a {@code long}, then an index, a {@code long}, for every {@code
     * []} in the path: {@code "levels[].price"}. An enum is an {@code int} here, a text an array of
     * bytes: {@code "symbol[]"}.
     *
     * <p>The handle knows plain {@code get} and {@code set}. For volatile and atomic access to
     * memory that is aligned take that of {@link #memoryLayout()}.
     *
     * @param path which one
     * @return the handle, for a {@code static final} field
     * @throws IllegalArgumentException if there is no such component, or it is no number
     */
    VarHandle varHandle(String path);

    /**
     * The layout for {@code java.lang.foreign}: for arrays of structs, for calls of C functions,
     * for atomic access. Members have the names of the components and the alignment that C gives
     * them, all are little-endian; a text is an array of bytes, an enum an {@code int}.
     *
     * @return a {@link java.lang.foreign.StructLayout}
     */
    MemoryLayout memoryLayout();

    /**
     * Writes a record somewhere in a segment. Allocates nothing. Padding becomes zero, so that
     * nothing of what was there before gets out.
     *
     * @param value the record, not null
     * @param target where to write
     * @param offset of the struct in it, in bytes; any
     * @throws dev.kith.IpcException if this record can never be written: something in it is null, a
     *     text too long, an array of another length; the target may then be half-written
     * @throws IndexOutOfBoundsException if the struct does not lie in the segment
     */
    void write(R value, MemorySegment target, long offset);

    /**
     * Reads a record from somewhere in a segment, by its canonical constructor. Allocates the
     * record and what it consists of.
     *
     * @param source where to read
     * @param offset of the struct in it, in bytes; any
     * @return the record
     * @throws dev.kith.Broken if the bytes are no such record: a text is not UTF-8, an enum has no
     *     such constant, the constructor refuses
     * @throws IndexOutOfBoundsException if the struct does not lie in the segment
     */
    R read(MemorySegment source, long offset);

    /**
     * The declaration for C and C++: the structs, those inside it first, and assertions by which
     * the compiler checks that its size and offsets are these.
     *
     * @return a header with the {@code #include}s that it needs; a name that C does not allow gets
     *     an underscore at its end
     */
    String toC();

    /**
     * The same for numpy, where {@code np.frombuffer(bytes, dtype=...)} then reads structs without
     * copying.
     *
     * @return a Python literal, a dictionary, that {@code np.dtype(...)} takes
     */
    String toNumpy();
}
