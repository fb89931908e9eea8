// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EBADF;
import static dev.kith.kernel.Errno.ECONNRESET;
import static dev.kith.kernel.Errno.EFAULT;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EISDIR;
import static dev.kith.kernel.Errno.ELOOP;
import static dev.kith.kernel.Errno.EMFILE;
import static dev.kith.kernel.Errno.ENAMETOOLONG;
import static dev.kith.kernel.Errno.ENFILE;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOMEM;
import static dev.kith.kernel.Errno.ENOSPC;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.Errno.ENOTDIR;
import static dev.kith.kernel.Errno.EPERM;
import static dev.kith.kernel.Errno.EPIPE;
import static dev.kith.kernel.Errno.EROFS;

/** What to do about an error where the call itself has nothing better to say. */
final class Advice {
    private Advice() {}

    /**
     * A clause that ends a message.
     *
     * @param call the C call with its arguments
     */
    static String about(int errno, String call) {
        return switch (errno) {
            case EACCES, EPERM ->
                    "user "
                            + System.getProperty("user.name")
                            + " may not: its owner may widen the mode, or do it";
            case EMFILE ->
                    "this process has as many files open as it may: close some, or raise the limit"
                            + " (ulimit -n)";
            case ENFILE ->
                    "the machine has as many files open as it may: /proc/sys/fs/file-max is "
                            + Knob.read("fs/file-max");
            case ENOMEM ->
                    "there is no memory for it: free shows the machine's, ulimit -a the limits of"
                            + " this process";
            case ENOSPC ->
                    call.startsWith("epoll_ctl(")
                            ? "this user's processes wait for as many descriptors as they may:"
                                    + " /proc/sys/fs/epoll/max_user_watches is "
                                    + Knob.read("fs/epoll/max_user_watches")
                            : "there is no room: df shows where";
            case ENOENT -> "there is nothing of that name, or it was removed meanwhile";
            case ENOTDIR -> "a part of the path is no directory";
            case EISDIR -> "it is a directory: name a file";
            case ELOOP ->
                    "it is a symbolic link, which Kith does not follow: name what it points to";
            case ENAMETOOLONG -> "take a shorter name";
            case EROFS -> "the file system is mounted for reading only";
            case EBADF -> "the descriptor is not open for this, or was closed by other code";
            case EFAULT ->
                    "the memory is gone: the file behind it was cut short, or it was unmapped";
            case ENOSYS -> "this kernel is too old for it, or a sandbox forbids it";
            case EINTR -> "a signal came: call it again";
            case EPIPE, ECONNRESET -> "the other side has ended: connect again";
            default -> "when that is: man " + call.replaceFirst("\\W.*", "");
        };
    }
}
