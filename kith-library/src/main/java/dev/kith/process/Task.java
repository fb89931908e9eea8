// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Work for a child JVM that returns a value: a lambda or method reference that can travel.
 *
 * <p>What it captures must be able to travel too: numbers, strings, arrays, collections and records
 * of such values, whatever is {@link Serializable}, channels and handles. A capture is a copy, so
 * the child's changes to it are not seen here.
 *
 * @param <T> the type of the value, which travels back
 */
@FunctionalInterface
public interface Task<T> extends Callable<T>, Serializable {
    /**
     * Does the work, in the child.
     *
     * @return the value, null included
     * @throws Exception whatever went wrong; it is thrown in the parent
     */
    @Override
    T call() throws Exception;
}
