// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/**
 * An object that has a name outside of this process and stays until the name is removed.
 *
 * <p>{@code close()} lets go of a handle; {@link #unlink()} removes the name. Neither does the
 * other.
 */
public interface Named {
    /**
     * The name by which other processes find the object.
     *
     * @return the name, in the form of the mechanism: {@code /jobs}, a path, a key
     */
    String name();

    /**
     * Removes the name. Who has the object open may go on using it, except for System V queues and
     * semaphore sets, which the kernel takes away from everybody.
     *
     * @throws NotFound if the name is gone already
     * @throws Denied if the object belongs to somebody else
     */
    void unlink();
}
