// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/**
 * The named object does not exist (ENOENT, or ENXIO and ECONNREFUSED where they mean that nobody is
 * there).
 */
public class NotFound extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception for a failed system call.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments
     * @param errno the error number of errno(3), or 0
     */
    public NotFound(String message, String call, int errno) {
        super(message, call, errno);
    }

    /**
     * Makes the exception without a system call.
     *
     * @param message the whole sentence
     */
    public NotFound(String message) {
        super(message);
    }
}
