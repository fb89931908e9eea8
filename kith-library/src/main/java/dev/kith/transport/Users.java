// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of users, from /etc/passwd: what a directory service adds to them is shown as numbers.
 */
final class Users {
    private final Map<Long, String> names = new HashMap<>();

    Users() {
        try {
            for (String line :
                    Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":");
                if (fields.length > 2 && fields[2].matches("\\d+")) {
                    names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
                }
            }
        } catch (IOException none) {
            names.clear();
        }
    }

    /** The name, or the number if there is none. */
    String name(long uid) {
        return names.getOrDefault(uid, Long.toString(uid));
    }
}
