// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.blocking.SegmentInput;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalInt;

/** A Unix socket as a stream whose reads give up after a time. */
final class UnixInput extends InputStream {
    private final InputStream input;

    UnixInput(UnixSocket socket, Duration timeout) {
        input =
                new SegmentInput(
                        buffer -> {
                            OptionalInt got = socket.tryRead(buffer, timeout);
                            if (got.isEmpty()) {
                                throw new NotInTime();
                            }
                            return got.getAsInt();
                        },
                        socket::close,
                        socket);
        what = "read(" + socket + ") timed out after " + timeout.toMillis() + " ms";
    }

    private final String what;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return input.read(bytes, offset, length);
        } catch (NotInTime late) {
            throw new SocketTimeoutException(what);
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    /** Carries the time-out through a stream that knows none. */
    private static final class NotInTime extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotInTime() {
            super(null, null, false, false);
        }
    }
}
