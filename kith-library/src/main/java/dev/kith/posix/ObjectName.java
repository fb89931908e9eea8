// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The names of POSIX objects: one slash, then at least one other character and no second slash. */
final class ObjectName {
    /**
     * {@code NAME_MAX} of limits.h: the bytes after the slash, prefix of the mechanism included.
     */
    private static final int LONGEST = 255;

    private ObjectName() {}

    /**
     * The name, if it is one; {@code prefix} is what the mechanism puts before it in its directory.
     */
    static String checked(String call, String name, String prefix) {
        String file = name.startsWith("/") ? name.substring(1) : "";
        if (file.isEmpty() || file.indexOf('/') >= 0 || file.equals(".") || file.equals("..")) {
            throw new IllegalArgumentException(
                    call
                            + "(\""
                            + name
                            + "\"): not a name: it begins with the only slash that it has, as in"
                            + " /jobs");
        }
        int length = prefix.length() + file.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    call
                            + "(\""
                            + name
                            + "\"): name too long: length="
                            + (length - prefix.length())
                            + ", limit="
                            + (LONGEST - prefix.length())
                            + " bytes after the slash");
        }
        return name;
    }

    /** A name that nobody else is likely to have; who creates it with O_EXCL finds out. */
    static String made() {
        return "/kith-"
                + ProcessHandle.current().pid()
                + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /** Permission bits as C writes them. */
    static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    /** The permission bits, if they are no more than that. */
    static int checkedMode(int mode) {
        if ((mode & ~0777) != 0) {
            throw new IllegalArgumentException(
                    "mode=" + octal(mode) + ": permission bits are 0 to 0777");
        }
        return mode;
    }
}
