// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kith.kernel.Mqueue;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has the one registration of a queue, as a read of its descriptor tells. mq_overview(7)
 *
 * <p>By pread on the descriptor that there is: opening the queue once more and closing it would
 * take this process's registration away.
 *
 * @param known false if the descriptor is not open to read
 * @param how SIGEV_SIGNAL, SIGEV_NONE or SIGEV_THREAD
 * @param signal with SIGEV_SIGNAL
 * @param pid the process, 0 if there is none or it is in another pid namespace
 */
record QueueRegistrant(boolean known, int how, int signal, long pid) {
    private static final int BYTES = 256;
    private static final Pattern TEXT =
            Pattern.compile("QSIZE:\\d+ +NOTIFY:(\\d+) +SIGNO:(\\d+) +NOTIFY_PID:(\\d+)\\s*");

    static QueueRegistrant of(int queue) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BYTES);
            long length = Unistd.pread(queue, buffer, BYTES, 0);
            Matcher text =
                    TEXT.matcher(
                            new String(
                                    buffer.asSlice(0, Math.max(0, length))
                                            .toArray(ValueLayout.JAVA_BYTE),
                                    US_ASCII));
            return text.matches()
                    ? new QueueRegistrant(
                            true,
                            Integer.parseInt(text.group(1)),
                            Integer.parseInt(text.group(2)),
                            Long.parseLong(text.group(3)))
                    : new QueueRegistrant(false, 0, 0, 0);
        }
    }

    /** Whether this process may be the one, to be told by that signal. */
    boolean maySignal(int number) {
        return !known
                || pid == ProcessHandle.current().pid()
                        && how == Mqueue.SIGEV_SIGNAL
                        && signal == number;
    }
}
