// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.channel.Address;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How messages are told apart in a stream of bytes: the option {@code framing}. */
enum Framing {
    /**
     * A length in 4 bytes, big-endian, then the message: as CPython's multiprocessing.connection
     * does. A message with descriptors begins with -2 instead, their number, and then the length, 4
     * bytes each.
     */
    LENGTH(4, 0) {
        @Override
        void write(MemorySegment frame, long length, String where) {
            frame.set(BIG_ENDIAN, 0, (int) length);
        }

        @Override
        long find(MemorySegment bytes, long searched, long limit, String where) {
            if (bytes.byteSize() < 4) {
                return MORE;
            }
            int before = before(bytes);
            if (bytes.byteSize() < before) {
                return MORE;
            }
            long length = bytes.get(BIG_ENDIAN, before - 4L);
            if (length < 0 || length > limit) {
                throw new Broken(
                        where
                                + ": impossible length of a message: length="
                                + length
                                + ", limit="
                                + limit
                                + advice(bytes));
            }
            return bytes.byteSize() - before < length ? MORE : before + length;
        }

        @Override
        long expected(MemorySegment bytes) {
            int before = bytes.byteSize() < 4 ? 4 : before(bytes);
            return bytes.byteSize() < before
                    ? before
                    : before + (long) bytes.get(BIG_ENDIAN, before - 4L);
        }

        @Override
        int before(MemorySegment frame) {
            return frame.get(BIG_ENDIAN, 0) == WITH_FDS ? BEFORE_WITH_FDS : before;
        }

        @Override
        int fds(MemorySegment frame) {
            return frame.get(BIG_ENDIAN, 0) == WITH_FDS ? frame.get(BIG_ENDIAN, 4) : 0;
        }
    },

    /** A line of text, ended by a newline. */
    LINES(0, 1) {
        @Override
        void write(MemorySegment frame, long length, String where) {
            for (long i = 0; i < length; i++) {
                if (frame.get(ValueLayout.JAVA_BYTE, i) == '\n') {
                    throw new IpcException(
                            where
                                    + ": a message with a newline in it, at byte "
                                    + i
                                    + ", cannot be sent as a line; use ?framing=length");
                }
            }
            frame.set(ValueLayout.JAVA_BYTE, length, (byte) '\n');
        }

        @Override
        long find(MemorySegment bytes, long searched, long limit, String where) {
            long size = bytes.byteSize();
            for (long i = searched; i < size; i++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, i) == '\n') {
                    return i + 1;
                }
            }
            if (size > limit) {
                throw new Broken(
                        where
                                + ": a line without an end: length="
                                + size
                                + ", limit="
                                + limit
                                + "; use ?framing=raw, or a larger ?max=");
            }
            return MORE;
        }

        @Override
        long expected(MemorySegment bytes) {
            // What stands after the last newline is a line too.
            return bytes.byteSize();
        }
    },

    /** Nothing: each receive gives the bytes that have arrived. */
    RAW(0, 0) {
        @Override
        void write(MemorySegment frame, long length, String where) {
            if (length == 0) {
                throw new IpcException(
                        where + ": an empty message cannot be sent with ?framing=raw");
            }
        }

        @Override
        long find(MemorySegment bytes, long searched, long limit, String where) {
            return bytes.byteSize() == 0 ? MORE : Math.min(bytes.byteSize(), limit);
        }

        @Override
        long expected(MemorySegment bytes) {
            return bytes.byteSize();
        }
    };

    /** How many bytes stand before a message with descriptors. */
    static final int BEFORE_WITH_FDS = 12;

    /** What stands there instead of a length. CPython has -1 for lengths over 2 GiB. */
    private static final int WITH_FDS = -2;

    /** {@link #find}: the frame has not arrived whole. */
    static final long MORE = -1;

    private static final ValueLayout.OfInt BIG_ENDIAN =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** How many bytes stand before and after a message. */
    final int before;

    final int after;

    Framing(int before, int after) {
        this.before = before;
        this.after = after;
    }

    /** The framing that an address asks for. */
    static Framing of(Address address) {
        String name = address.options().getOrDefault("framing", "length");
        return switch (name) {
            case "length" -> LENGTH;
            case "lines" -> LINES;
            case "raw" -> RAW;
            default ->
                    throw new IllegalArgumentException(
                            address + ": framing=" + name + ": known are length lines raw");
        };
    }

    /** Completes a frame: the message of that length stands at {@link #before} already. */
    abstract void write(MemorySegment frame, long length, String where);

    /**
     * Completes a frame with descriptors: the message of that length stands at {@link
     * #BEFORE_WITH_FDS} already.
     */
    final void write(MemorySegment frame, long length, int fds, String where) {
        if (this != LENGTH) {
            throw new IpcException(
                    where + ": open descriptors travel with ?framing=length only, not " + this);
        }
        frame.set(BIG_ENDIAN, 0, WITH_FDS);
        frame.set(BIG_ENDIAN, 4, fds);
        frame.set(BIG_ENDIAN, 8, (int) length);
    }

    /** How many bytes stand before the message of a frame. */
    int before(MemorySegment frame) {
        return before;
    }

    /** How many descriptors came with a frame. */
    int fds(MemorySegment frame) {
        return 0;
    }

    /**
     * The length of the first frame in {@code bytes}, of which so many have been searched before,
     * or {@link #MORE}.
     */
    abstract long find(MemorySegment bytes, long searched, long limit, String where);

    /**
     * How many bytes may be read without reading beyond the frame of which {@code bytes} is a part.
     */
    long missing(MemorySegment bytes) {
        // Where a line ends is not known before it is there.
        return this == LINES ? 1 : expected(bytes) - bytes.byteSize();
    }

    /** How many bytes the frame that begins there should have, as far as that can be told. */
    abstract long expected(MemorySegment bytes);

    private static String advice(MemorySegment bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            byte b = bytes.get(ValueLayout.JAVA_BYTE, i);
            if (b < 0x20 && b != '\n' && b != '\r' && b != '\t' || b == 0x7f) {
                return "; the other side must send a length in 4 bytes, big-endian, before each"
                        + " message";
            }
            text.append((char) b);
        }
        return "; these bytes are the text \""
                + text.toString().replace("\n", "\\n").replace("\r", "\\r")
                + "\": the other side does not frame its messages; use ?framing=raw or"
                + " ?framing=lines";
    }
}
