// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Regions for tests: small, each of a name of its own. */
public final class Regions {
    public static final Shape SMALL = Shape.of(1, 4, 640, 4096, 1016, 0);

    /** Where the cursors have a word to wait at. */
    public static final long WORD = SMALL.cursorOffset() + 384;

    private Regions() {}

    public static Place.Shm name() {
        return (Place.Shm) Place.shm("kith-test-" + UUID.randomUUID());
    }

    public static Region create(Place place) {
        return Region.create(place, SMALL, region -> {});
    }

    public static Region open(Place place) {
        return Region.open(place, SMALL.kind());
    }

    public static void remove(Place place) throws Exception {
        Files.deleteIfExists(Path.of(place.path().toString()));
    }
}
