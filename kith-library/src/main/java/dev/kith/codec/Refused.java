// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import dev.kith.IpcException;

/**
 * A value cannot be written, or a struct not read. The path to it grows on the way up, a step in
 * each container.
 */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_PATH = 120;

    private final transient Object culprit;
    private String path = "";
    private String loop;

    Refused(String reason, Object culprit) {
        this(reason, culprit, null);
    }

    Refused(String reason, Object culprit, Throwable cause) {
        super(reason, cause);
        this.culprit = culprit;
    }

    /** Adds where in a container the value was; notices if the container is the value: a cycle. */
    Refused within(Object container, String step) {
        path = step + path;
        if (container == culprit) {
            if (loop == null) {
                loop = path;
            }
            path = "";
        }
        return this;
    }

    /** How a path goes from a map to the value of a key. */
    static String step(Object key) {
        if (key instanceof String) {
            return "[\"" + key + "\"]";
        }
        if (key == null || key instanceof Number || key instanceof Enum<?>) {
            return "[" + key + "]";
        }
        return "[a " + key.getClass().getName() + "]";
    }

    /** The exception that the caller of {@link Codec#encode} gets. */
    IpcException toException() {
        String where = "value" + path;
        if (loop != null) {
            return new IpcException(
                    shortened(where)
                            + " contains itself, as "
                            + shortened(where + loop)
                            + "; send names or numbers instead of references that lead back",
                    this);
        }
        return new IpcException(shortened(where) + ": " + getMessage(), this);
    }

    /** The exception that the caller of a {@link StructLayout} gets who reads a struct. */
    Broken toBroken(Class<?> type) {
        Broken broken = new Broken(type.getName() + shortened(path) + ": " + getMessage());
        broken.initCause(this);
        return broken;
    }

    private static String shortened(String path) {
        int half = LONGEST_PATH / 2;
        return path.length() <= LONGEST_PATH
                ? path
                : path.substring(0, half) + " ... " + path.substring(path.length() - half);
    }
}
