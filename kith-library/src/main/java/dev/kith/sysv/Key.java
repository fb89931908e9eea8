// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.blocking.Errors;
import dev.kith.kernel.SysIpc;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number by which processes find a System V object. Queues, semaphore sets and shared memory
 * have each their own keys: the same key may name one of each.
 *
 * @param number any but 0, which is {@link #PRIVATE}
 */
public record Key(int number) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private static final Pattern FTOK = Pattern.compile("ftok\\((.+),\\s*(\\w+)\\)");

    /**
     * No key: IPC_PRIVATE. Every creation with it makes a new object, which is found by its id
     * alone.
     */
    public static final Key PRIVATE = new Key(SysIpc.IPC_PRIVATE);

    /**
     * The key of this number.
     *
     * @param number as C has it, a signed 32-bit number
     * @return the key
     */
    public static Key of(int number) {
        return new Key(number);
    }

    /**
     * The key that C's {@code ftok} and Python's {@code sysv_ipc.ftok} make of a file: 16 bits of
     * its inode, 8 of its device and 8 of the id.
     *
     * <p>That is little: two files may well give the same key, and a file that is removed and made
     * again mostly gives another. So create with {@code create}, which fails if the key is taken,
     * or agree on {@linkplain #of a number}.
     *
     * @param path of a file that exists
     * @param id which of the keys of this file, 0 to 255; many C programs write a letter, {@code
     *     'A'}
     * @return the key
     * @throws dev.kith.NotFound if there is no such file
     * @throws IllegalArgumentException if the id has more than 8 bits, of which C takes the lower 8
     *     silently
     * @see <a href="https://man7.org/linux/man-pages/man3/ftok.3.html">ftok(3)</a>
     */
    public static Key ftok(Path path, int id) {
        if (id < 0 || id > 255) {
            throw new IllegalArgumentException(
                    "ftok("
                            + path
                            + ","
                            + id
                            + "): id="
                            + id
                            + ", highest=255: C takes the lower 8 bits, here "
                            + (id & 255));
        }
        long key = SysIpc.ftok(path.toString(), id);
        if (key < 0) {
            throw Errors.of(
                    "ftok(\"" + path + "\", " + id + ")",
                    key,
                    "the key is made of a file that exists");
        }
        return new Key((int) key);
    }

    /**
     * A number drawn at random, for an object whose creator tells the others. It may be taken;
     * {@link MessageQueue#create()} and its like draw until one is free.
     *
     * @return a key, positive
     */
    public static Key random() {
        return new Key(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
    }

    /**
     * Reads a key.
     *
     * @param text {@code 4660}, {@code 0x1234}, {@code ftok(/path,65)} or {@code private}
     * @return the key
     * @throws IllegalArgumentException if it is none of these
     * @throws dev.kith.NotFound if the file of ftok does not exist
     */
    public static Key parse(String text) {
        if (text.equals("private")) {
            return PRIVATE;
        }
        Matcher ftok = FTOK.matcher(text);
        try {
            if (ftok.matches()) {
                return ftok(Path.of(ftok.group(1)), Integer.decode(ftok.group(2)));
            }
            long number = Long.decode(text);
            if (number >= Integer.MIN_VALUE && number <= 0xffff_ffffL) {
                return new Key((int) number);
            }
        } catch (NumberFormatException not) {
            // said below
        }
        throw new IllegalArgumentException(
                "not a key: \""
                        + text
                        + "\": it is a number of 32 bits, as in 4660 or 0x1234, or"
                        + " ftok(/path,id), or private");
    }

    /**
     * Whether this is {@link #PRIVATE}.
     *
     * @return true if objects made with it have no key
     */
    public boolean isPrivate() {
        return number == SysIpc.IPC_PRIVATE;
    }

    /** The form of ipcs(1): {@code 0x00001234}, or {@code private}. {@link #parse} reads it. */
    @Override
    public String toString() {
        return isPrivate() ? "private" : "0x" + HexFormat.of().toHexDigits(number);
    }
}
