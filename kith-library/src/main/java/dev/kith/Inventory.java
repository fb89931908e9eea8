// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a family of mechanisms must supply so that its objects can be listed, inspected and removed.
 * Found by {@link java.util.ServiceLoader}; {@code kith ls}, {@code info}, {@code rm}, {@code gc}
 * and {@code doctor} walk all of them.
 */
public interface Inventory {
    /**
     * The kinds of objects that this inventory knows.
     *
     * @return short names, as {@code kith ls --kind} takes them
     */
    Set<String> kinds();

    /**
     * Lists the objects that exist now. Objects that vanish meanwhile are left out; what this user
     * may not see is left out too.
     *
     * @param kind one of {@link #kinds()}
     * @return the objects, in a stable order
     */
    List<IpcObject> list(String kind);

    /**
     * Everything known of one object.
     *
     * @param uri the name as {@link IpcObject#uri()} prints it
     * @return the object, or empty if it is not of these kinds or does not exist
     */
    Optional<IpcObject> info(String uri);

    /**
     * Removes an object.
     *
     * @param uri the name as {@link IpcObject#uri()} prints it
     * @return true if it was removed, false if the name is not of these kinds
     * @throws NotFound if the name is of these kinds and there is no such object
     * @throws Denied if it belongs to somebody else
     */
    boolean remove(String uri);

    /**
     * Removes an object if it is {@linkplain IpcObject#stale() left over} still.
     *
     * @param uri the name as {@link IpcObject#uri()} prints it
     * @return true if it was removed; false if somebody uses it by now, it is gone, or the name is
     *     not of these kinds
     * @throws Denied if it belongs to somebody else
     */
    default boolean sweep(String uri) {
        try {
            return info(uri).filter(IpcObject::stale).isPresent() && remove(uri);
        } catch (NotFound gone) {
            return false;
        }
    }
}
