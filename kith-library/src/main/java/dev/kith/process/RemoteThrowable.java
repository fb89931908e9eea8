// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

/**
 * Stands for an exception of a child that could not be rebuilt here: its class name, message, stack
 * trace and cause, as data.
 */
public final class RemoteThrowable extends Exception {
    private static final long serialVersionUID = 1L;

    /** The class of the exception in the child. */
    private final String className;

    /**
     * Makes the stand-in.
     *
     * @param className the class of the exception in the child
     * @param message its message, or null
     * @param cause its cause, or null
     */
    RemoteThrowable(String className, String message, Throwable cause) {
        super(message, cause);
        this.className = className;
    }

    /**
     * The class of the exception in the child.
     *
     * @return the binary name, for example {@code com.example.NoSuchJob}
     */
    public String className() {
        return className;
    }

    /**
     * As the exception printed itself, but for a {@code toString} of its own.
     *
     * @return class name and message
     */
    @Override
    public String toString() {
        return getMessage() == null ? className : className + ": " + getMessage();
    }
}
