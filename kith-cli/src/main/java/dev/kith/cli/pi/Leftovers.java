// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.Inventory;
import dev.kith.IpcObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a row leaves behind: looked for, not assumed. */
final class Leftovers {
    /** Where the kernel shows POSIX shared memory and semaphores, whatever the inventories say. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Set<String> before;

    private Leftovers(Path directory, Set<String> before) {
        this.directory = directory;
        this.before = before;
    }

    static Leftovers look(Path directory) {
        return new Leftovers(directory, objects(directory));
    }

    /**
     * What is there now and was not before. Other processes come and go too: of their objects only
     * those count that have one of the names given.
     */
    List<String> since(List<String> names) {
        List<String> left = new ArrayList<>();
        for (String object : objects(directory)) {
            if (!before.contains(object)
                    && (names.contains(object) || object.startsWith(directory.toString()))) {
                left.add(object);
            }
        }
        return left;
    }

    private static Set<String> objects(Path directory) {
        Set<String> objects = new TreeSet<>();
        for (Inventory inventory : ServiceLoader.load(Inventory.class)) {
            for (String kind : inventory.kinds()) {
                for (IpcObject object : inventory.list(kind)) {
                    objects.add(object.uri());
                }
            }
        }
        addFiles(directory, objects);
        addFiles(MEMORY, objects);
        return objects;
    }

    private static void addFiles(Path directory, Set<String> objects) {
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> objects.add(file.toString()));
        } catch (NoSuchFileException noneThere) {
            // Nothing can be left in it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
