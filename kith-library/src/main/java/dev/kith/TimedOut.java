// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/** The time given for it has passed. */
public class TimedOut extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception for a failed system call.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments
     * @param errno the error number of errno(3), or 0
     */
    public TimedOut(String message, String call, int errno) {
        super(message, call, errno);
    }

    /**
     * Makes the exception without a system call.
     *
     * @param message the whole sentence
     */
    public TimedOut(String message) {
        super(message);
    }
}
