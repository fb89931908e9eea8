// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/**
 * An operation on an IPC object failed.
 *
 * <p>The message has three parts: the call with its arguments, the error by symbol and text, and
 * what to do about it. The few subclasses are the cases that programs tell apart; {@link #errno()}
 * keeps the rest. Unchecked, because half of the library implements interfaces of {@code
 * java.util.concurrent}.
 */
public class IpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The call, as in the message. */
    private final String call;

    /** The error number, 0 if the kernel was not asked. */
    private final int errno;

    /**
     * Makes an exception that a system call caused.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments, as in the message
     * @param errno the error number of errno(3), or 0 if none was involved
     */
    public IpcException(String message, String call, int errno) {
        super(message);
        this.call = call;
        this.errno = errno;
    }

    /**
     * Makes an exception that has another one as its cause.
     *
     * @param message the whole sentence
     * @param cause what went wrong below
     */
    public IpcException(String message, Throwable cause) {
        super(message, cause);
        this.call = "";
        this.errno = 0;
    }

    /**
     * Makes an exception without a system call.
     *
     * @param message the whole sentence
     */
    public IpcException(String message) {
        this(message, "", 0);
    }

    /**
     * The call that failed, with its arguments.
     *
     * @return the call, or an empty string if no system call was involved
     */
    public final String call() {
        return call;
    }

    /**
     * The error number of errno(3).
     *
     * @return the number, for example 17 for EEXIST on Linux; 0 if no system call was involved
     */
    public final int errno() {
        return errno;
    }
}
