// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The environment of a child: that of this process as bytes, whatever their encoding, without the
 * variables that would attach an agent to every child, and with those that the options set.
 */
final class Environment {
    private Environment() {}

    /** The strings for exec. */
    static List<byte[]> of(Map<String, String> set) throws IOException {
        Charset charset = InheritedFlags.charset();
        List<byte[]> environment = new ArrayList<>();
        byte[] all = Files.readAllBytes(Path.of("/proc/self/environ"));
        int start = 0;
        for (int at = 0; at < all.length; at++) {
            if (all[at] == 0) {
                byte[] variable = Arrays.copyOfRange(all, start, at);
                start = at + 1;
                if (isKept(new String(variable, charset), set)) {
                    environment.add(variable);
                }
            }
        }
        set.forEach((name, value) -> environment.add((name + "=" + value).getBytes(charset)));
        return environment;
    }

    /** Makes the same changes to the environment of a {@link ProcessBuilder}. */
    static void apply(Map<String, String> environment, Map<String, String> set) {
        environment.entrySet().removeIf(e -> !isKept(e.getKey() + "=" + e.getValue(), set));
        environment.putAll(set);
    }

    private static boolean isKept(String variable, Map<String, String> set) {
        int equals = variable.indexOf('=');
        String name = equals < 0 ? variable : variable.substring(0, equals);
        return !set.containsKey(name)
                && !(InheritedFlags.VARIABLES.contains(name) && InheritedFlags.isHarmful(variable));
    }
}
