// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Denied;
import dev.kith.kernel.NativeAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where a region is. */
public sealed interface Place {
    /**
     * The POSIX shared memory object of that name: the file of that name in /dev/shm.
     *
     * @param name at most 255 bytes, with or without the slash that C puts first
     */
    static Place shm(String name) {
        return new Shm(name.startsWith("/") ? name.substring(1) : name);
    }

    /** A file. */
    static Place file(Path path) {
        return new File(path.toAbsolutePath());
    }

    /**
     * A file without a name, a memfd say, no larger than the region that is made in it. The
     * descriptor stays the caller's: the region opens it anew.
     */
    static Place descriptor(int fd) {
        return new Descriptor(fd);
    }

    /**
     * Refuses what this process cannot have: it is known by a descriptor, and the JDK has none.
     *
     * @param what for the message
     * @throws Denied without native access
     */
    static void checkUnnamed(String what) {
        if (!RegionFile.NATIVE) {
            throw new Denied(
                    what
                            + ": memory without a name takes native access; start java with"
                            + " --enable-native-access="
                            + NativeAccess.grantee());
        }
    }

    /** The file, by a path that can be opened. */
    Path path();

    /** What it is called: as it was given, without the scheme. */
    default String name() {
        return path().toString();
    }

    /** Whether the file has a name. */
    default boolean isNamed() {
        return true;
    }

    /** A name in /dev/shm. */
    record Shm(String name) implements Place {
        /** Where shared memory has its names. */
        public static final Path DIRECTORY = Path.of("/dev/shm");

        private static final int LONGEST = 255;

        /** Refuses what is no name. */
        public Shm {
            if (name.isEmpty()
                    || name.indexOf('/') >= 0
                    || name.indexOf('\0') >= 0
                    || name.equals(".")
                    || name.equals("..")) {
                throw new IllegalArgumentException(
                        "shm:"
                                + name
                                + ": not a name: at least one character, none of them a slash, and"
                                + " not . or ..");
            }
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length > LONGEST) {
                throw new IllegalArgumentException(
                        "shm:"
                                + name
                                + ": name too long: length="
                                + length
                                + ", limit="
                                + LONGEST
                                + " bytes");
            }
        }

        @Override
        public Path path() {
            return DIRECTORY.resolve(name);
        }

        @Override
        public String toString() {
            return "shm:/" + name;
        }
    }

    /** A path. */
    record File(Path path) implements Place {
        @Override
        public String toString() {
            return "mmap:" + path;
        }
    }

    /** A file without a name. */
    record Descriptor(int fd) implements Place {
        @Override
        public Path path() {
            return Path.of("/proc/self/fd/" + fd);
        }

        @Override
        public boolean isNamed() {
            return false;
        }

        @Override
        public String toString() {
            return "memfd:" + fd;
        }
    }
}
