// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * By which those who receive a stream tell those who send it that it is over, and these how much it
 * was: words in memory that all processes of a party see. Runs are numbered from 1 on, and no word
 * ever becomes smaller.
 *
 * <pre>
 *   0          the last run that is over
 *   128 n      sender n: messages that it has sent, in all runs (n from 1 on)
 *   128 n + 8  sender n: the last run in which it has sent all that it will
 *   128 n + 16 sender n, if it makes pauses: the number of the last message that it set out to send
 *   128 n + 24 eight words: when it set out to send message m, by System.nanoTime(), in word m mod 8
 * </pre>
 */
final class Control {
    private static final long LINE = 128;
    private static final int MOST_SENDERS = 16;
    private static final int STAMPS = 8;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final String name;
    private final MemorySegment words;

    private Control(String name, MemorySegment words) {
        this.name = name;
        this.words = words;
    }

    /** Makes the file, which is removed when this process ends. */
    static Control lay() throws IOException {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "kith-bench-", ".control");
        file.toFile().deleteOnExit();
        Files.write(file, new byte[(int) (LINE * (1 + MOST_SENDERS))]);
        return open(file.toString());
    }

    static Control open(String file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Control(
                    file,
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), Arena.global()));
        }
    }

    String name() {
        return name;
    }

    /** Ends a run. */
    void stop(int run) {
        WORD.setRelease(words, 0L, (long) run);
    }

    boolean isOver(int run) {
        return (long) WORD.getAcquire(words, 0L) >= run;
    }

    /** Sender {@code sender}, from 0 on, has sent {@code messages} in all and sends no more. */
    void done(int sender, long messages, int run) {
        WORD.setOpaque(words, LINE * (1 + sender), messages);
        WORD.setRelease(words, LINE * (1 + sender) + Long.BYTES, (long) run); // pairs with sent()
    }

    /** Sender {@code sender} is about to send its message {@code number}. */
    void sends(int sender, long number, long nanoTime) {
        WORD.setOpaque(words, number(sender), number);
        WORD.setRelease(words, stamp(sender, number), nanoTime); // pairs with sentAt()
    }

    /**
     * When a message that has come was sent: its publication orders this. Empty if who asks is so
     * late that the stamp may be one of a later message.
     */
    OptionalLong sentAt(int sender, long number) {
        long time = (long) WORD.getAcquire(words, stamp(sender, number));
        long last = (long) WORD.getOpaque(words, number(sender));
        return last < number + STAMPS ? OptionalLong.of(time) : OptionalLong.empty();
    }

    private static long number(int sender) {
        return LINE * (1 + sender) + 2 * Long.BYTES;
    }

    private static long stamp(int sender, long number) {
        return LINE * (1 + sender) + (3 + number % STAMPS) * Long.BYTES;
    }

    /** How many messages the senders have sent in all; -1 if one of them sends still. */
    long sent(int senders, int run) {
        long sent = 0;
        for (int sender = 0; sender < senders; sender++) {
            if ((long) WORD.getAcquire(words, LINE * (1 + sender) + Long.BYTES) < run) {
                return -1;
            }
            sent += (long) WORD.getOpaque(words, LINE * (1 + sender));
        }
        return sent;
    }
}
