// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Broken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One message between a worker's parent and the child.
 *
 * <pre>
 *   0  length of what follows, big-endian   4  type   5  body
 *
 *   parent to child
 *     TASK         id J, descriptors I, loader I, closure
 *     CANCEL       id J; -1: whatever runs
 *     CLASS_BYTES  request J, found Z, bytes
 *     END          finish what was given, then exit
 *   child to parent
 *     STARTED
 *     RESULT       id J, outcome
 *     CLASS_WANTED request J, loader I, name
 * </pre>
 *
 * <p>The child uses nothing here that would cost it start-up time: no string concatenation, no
 * lambda, no NIO, no memory segment.
 *
 * @param type one of the constants
 * @param body what follows the type
 */
record Frame(int type, byte[] body) {
    static final int TASK = 1;
    static final int CANCEL = 2;
    static final int CLASS_BYTES = 3;
    static final int END = 4;
    static final int STARTED = 5;
    static final int RESULT = 6;
    static final int CLASS_WANTED = 7;

    static final Frame ENDING = new Frame(END, new byte[0]);

    private static final int HEADER_BYTES = 5;
    private static final int MAX_BODY_BYTES = Integer.MAX_VALUE - 64;

    /** Something that writes the body of a frame. */
    @FunctionalInterface
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** A frame with the body that was written; for the parent, because of the lambda. */
    static Frame of(int type, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            body.writeTo(out);
        } catch (IOException memoryHasNone) {
            throw new AssertionError("writing to an array: " + memoryHasNone, memoryHasNone);
        }
        return new Frame(type, bytes.toByteArray());
    }

    /**
     * The next frame, or null at the end of the stream. Memory is bounded by what really arrives.
     */
    static Frame read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return null;
        }
        if (header.length < HEADER_BYTES) {
            throw new EOFException();
        }
        int length =
                (header[0] & 0xff) << 24
                        | (header[1] & 0xff) << 16
                        | (header[2] & 0xff) << 8
                        | header[3] & 0xff;
        int type = header[4];
        if (length < 1 || length > MAX_BODY_BYTES || type < TASK || type > CLASS_WANTED) {
            throw new Broken(
                    "no control frame: length="
                            .concat(Integer.toString(length))
                            .concat(", type=")
                            .concat(Integer.toString(type))
                            .concat("; was something written to a descriptor of Kith's?"));
        }
        byte[] body = in.readNBytes(length - 1);
        if (body.length < length - 1) {
            throw new EOFException();
        }
        return new Frame(type, body);
    }

    /** Writes the frame; a short one in one piece. */
    void writeTo(OutputStream out) throws IOException {
        int length = body.length + 1;
        byte[] header = {
            (byte) (length >>> 24),
            (byte) (length >>> 16),
            (byte) (length >>> 8),
            (byte) length,
            (byte) type
        };
        if (body.length > 4096) {
            out.write(header);
            out.write(body);
            return;
        }
        byte[] whole = new byte[HEADER_BYTES + body.length];
        System.arraycopy(header, 0, whole, 0, HEADER_BYTES);
        System.arraycopy(body, 0, whole, HEADER_BYTES, body.length);
        out.write(whole);
    }

    /** The body, to be read field by field. */
    DataInputStream in() {
        return new DataInputStream(new ByteArrayInputStream(body));
    }
}
