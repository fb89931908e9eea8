// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Handover;
import dev.kith.memory.Place;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.nio.file.Path;

/** A ring or a broadcast that has a name, on its way to another process. */
record Travelling(int kind, boolean inMemory, String name) implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object readResolve() {
        Place place = inMemory ? Place.shm(name) : Place.file(Path.of(name));
        return kind == BroadcastLayout.KIND
                ? Broadcast.open(place)
                : Ring.of(SharedRing.open(place, kind));
    }

    /** One without a name. */
    record WithoutName(int kind, int index) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return kind == BroadcastLayout.KIND
                    ? Handover.current("a broadcast").take(index, Broadcast::received)
                    : Handover.current("a ring")
                            .take(index, fd -> Ring.of(SharedRing.received(fd, kind)));
        }
    }
}
