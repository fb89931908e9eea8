// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static dev.kith.kernel.Errno.ENOSPC;

import dev.kith.IpcException;
import dev.kith.blocking.Errors;
import java.nio.file.Path;

/** Says that there is no room for a region. */
final class Room {
    private Room() {}

    static IpcException failed(String call, Place place, long sizeBytes, int error) {
        return Errors.of(
                call + "(" + place + ", " + sizeBytes + " bytes)",
                error,
                error == ENOSPC ? advice(place) : "");
    }

    static long freeBytes(Place place) {
        Path folder = place.isNamed() ? place.path().getParent() : Path.of("/dev/shm");
        return folder.toFile().getUsableSpace();
    }

    private static String advice(Place place) {
        Path folder = place.isNamed() ? place.path().getParent() : Path.of("/dev/shm");
        String free = folder + " has " + freeBytes(place) + " bytes free";
        return folder.equals(Path.of("/dev/shm"))
                ? free
                        + "; see what takes it with: kith ls --kind shm, or enlarge it as root:"
                        + " mount -o remount,size=2G /dev/shm (a container: --shm-size=2g)"
                : free + ": make room, or put it elsewhere";
    }
}
