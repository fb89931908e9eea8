// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;

/**
 * The task threw an exception in the child.
 *
 * <p>The cause is that exception with its stack trace from the child. If it could not be carried
 * over or rebuilt here, the cause is a {@link RemoteThrowable} that has its class name, message and
 * stack trace, and what prevented it is among its {@linkplain Throwable#getSuppressed() suppressed}
 * exceptions.
 */
public class TaskFailed extends IpcException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the whole sentence
     * @param cause what the task threw
     */
    public TaskFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
