// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Puts the options of a mechanism together, in alphabetical order. */
final class Options {
    private Options() {}

    static Map<String, String> with(Map<String, String> common, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(common);
        all.putAll(own);
        return Collections.unmodifiableMap(all);
    }
}
