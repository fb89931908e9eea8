// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import java.io.Serializable;

/**
 * Work for a child JVM that returns nothing: a lambda or method reference that can travel.
 *
 * <p>A {@link Runnable} that may throw what it likes. What it captures must be able to travel, as
 * for a {@link Task}.
 */
@FunctionalInterface
public interface Action extends Runnable, Serializable {
    /**
     * Does the work, in the child.
     *
     * @throws Exception whatever went wrong; it is thrown in the parent
     */
    void act() throws Exception;

    /**
     * Does the work in this process, for code that wants a {@link Runnable}; a checked exception is
     * wrapped.
     */
    @Override
    default void run() {
        try {
            act();
        } catch (RuntimeException unchecked) {
            throw unchecked;
        } catch (Exception checked) {
            throw new IpcException("the action failed: " + checked, checked);
        }
    }
}
