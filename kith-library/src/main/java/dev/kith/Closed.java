// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/** The object was closed by this process, or its stream of messages has ended. */
public class Closed extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception for a failed system call.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments
     * @param errno the error number of errno(3), or 0
     */
    public Closed(String message, String call, int errno) {
        super(message, call, errno);
    }

    /**
     * Makes the exception without a system call.
     *
     * @param message the whole sentence
     */
    public Closed(String message) {
        super(message);
    }
}
