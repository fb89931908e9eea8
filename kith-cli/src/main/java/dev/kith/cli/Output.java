// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: data to standard output, words for people to standard error; both UTF-8
 * always.
 */
final class Output {
    private final OutputStream out =
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    private final PrintStream err =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    /** Nobody reads standard output any more, which is no error: {@code kith ls | head -1}. */
    static final class BrokenPipe extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenPipe(IOException cause) {
            super(cause);
        }
    }

    /** A line of data, or several. */
    void line(String text) {
        line(text.getBytes(StandardCharsets.UTF_8));
    }

    void line(byte[] bytes) {
        try {
            out.write(bytes);
            out.write('\n');
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Data as it is, passed on at once. */
    void bytes(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw failed(e);
        }
        flush();
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void flushQuietly() {
        try {
            out.flush();
        } catch (IOException e) {
            // The failure that is about to be told came first.
        }
    }

    /** A line for people. */
    void note(String text) {
        err.println(text);
    }

    /** A line for people that the next one overwrites; only on a terminal. */
    void progress(String text) {
        if (Terminal.isStderr() && !Terminal.isDumb()) {
            err.print("\r\u001b[K" + text);
            err.flush();
        }
    }

    String errorPrefix() {
        return Terminal.coloured(Terminal.isStderr(), "31", "kith:") + " ";
    }

    private static RuntimeException failed(IOException e) {
        return String.valueOf(e.getMessage()).contains("Broken pipe")
                ? new BrokenPipe(e)
                : new IpcException("write to standard output: " + e.getMessage(), e);
    }
}
