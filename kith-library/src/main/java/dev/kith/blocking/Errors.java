// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EADDRINUSE;
import static dev.kith.kernel.Errno.ECONNREFUSED;
import static dev.kith.kernel.Errno.ECONNRESET;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EIDRM;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENXIO;
import static dev.kith.kernel.Errno.EPERM;
import static dev.kith.kernel.Errno.EPIPE;
import static dev.kith.kernel.Errno.ESRCH;
import static dev.kith.kernel.Errno.ETIMEDOUT;

import dev.kith.AlreadyExists;
import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.TimedOut;
import dev.kith.kernel.Errno;
import java.util.Optional;

/**
 * From an error number to the exception, with the message in its three parts: call, error, what to
 * do.
 */
public final class Errors {
    private Errors() {}

    /**
     * The exception for a failed call.
     *
     * @param call the C call with its arguments: {@code mq_open("/jobs", O_CREAT|O_EXCL, 0600)}
     * @param error the error, positive or negative
     * @param advice what to do; empty for what is to be done about that error in general
     */
    public static IpcException of(String call, long error, String advice) {
        int errno = (int) Math.abs(error);
        String message =
                call
                        + ": "
                        + Errno.symbol(errno)
                        + " ("
                        + Errno.text(errno)
                        + ")"
                        + "; "
                        + (advice.isEmpty() ? Advice.about(errno, call) : advice);
        return switch (errno) {
            case ENOENT, ENXIO, ECONNREFUSED, EIDRM, ESRCH -> new NotFound(message, call, errno);
            case EEXIST, EADDRINUSE -> new AlreadyExists(message, call, errno);
            case EACCES, EPERM -> new Denied(message, call, errno);
            case ETIMEDOUT -> new TimedOut(message, call, errno);
            case EPIPE, ECONNRESET -> new PeerDied(message, call, errno, Optional.empty());
            default -> new IpcException(message, call, errno);
        };
    }

    /** The result of a call, or the exception if it is negative. */
    public static int check(int result, String call, String advice) {
        if (result < 0) {
            throw of(call, result, advice);
        }
        return result;
    }
}
