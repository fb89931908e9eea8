// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/**
 * The permission for it is missing (EACCES, EPERM, or native access was not granted to the
 * library).
 */
public class Denied extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception for a failed system call.
     *
     * @param message the whole sentence
     * @param call the call that failed, with its arguments
     * @param errno the error number of errno(3), or 0
     */
    public Denied(String message, String call, int errno) {
        super(message, call, errno);
    }

    /**
     * Makes the exception without a system call.
     *
     * @param message the whole sentence
     */
    public Denied(String message) {
        super(message);
    }
}
