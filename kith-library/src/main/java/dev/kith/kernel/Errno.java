// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * errno.h: error numbers, their names and texts, and the segment into which a call's errno is
 * captured.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int EDEADLK = 35;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENOMSG = 42;
    public static final int EIDRM = 43;
    public static final int ENODATA = 61;
    public static final int EOVERFLOW = 75;
    public static final int EMSGSIZE = 90;
    public static final int EPROTOTYPE = 91;
    public static final int ENOPROTOOPT = 92;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ETOOMANYREFS = 109;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EINPROGRESS = 115;
    public static final int ECANCELED = 125;

    private Errno() {}

    /** The calling thread's segment, the first argument of every handle that captures errno. */
    static MemorySegment segment() {
        return PerThread.current().errno;
    }

    /** The result of a call that fails with -1: the value, or the negative errno. */
    static int result(int value, MemorySegment errno) {
        return value == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : value;
    }

    /** The result of a call that fails with -1: the value, or the negative errno. */
    static long result(long value, MemorySegment errno) {
        return value == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : value;
    }

    /** The captured error, positive. */
    static int captured(MemorySegment errno) {
        return errno.get(ValueLayout.JAVA_INT, 0);
    }

    /** The symbol of an error number, for example ENOENT. */
    public static String symbol(int errno) {
        return ErrnoTexts.symbol(errno);
    }

    /** The text of strerror(3) for an error number, in English. */
    public static String text(int errno) {
        return ErrnoTexts.text(errno);
    }
}
