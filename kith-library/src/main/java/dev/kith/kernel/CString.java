// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Java strings as C strings: UTF-8, ended by a zero byte. */
final class CString {
    private CString() {}

    /** Copies a string; one with a NUL in it would be cut there, so it is refused. */
    static MemorySegment of(Arena arena, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a name with a NUL character at index " + text.indexOf('\0'));
        }
        return arena.allocateFrom(text);
    }
}
