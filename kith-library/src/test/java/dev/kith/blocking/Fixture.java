// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A handle, a second one that lets its calls go, and what is to be done when the test is over.
 *
 * @param handle the one that is waited on
 * @param other the other side; null if there is none
 * @param end removes what was made and closes what is open
 */
record Fixture<H, O>(H handle, O other, AutoCloseable end) implements AutoCloseable {
    /** A step that closes the handle. */
    static <H extends AutoCloseable, O> Waiting.Step<Fixture<H, O>> closing() {
        return fixture -> fixture.handle.close();
    }

    /** Native memory for a call. */
    static MemorySegment memory(long bytes) {
        return Arena.ofAuto().allocate(bytes, 8);
    }

    @Override
    public void close() throws Exception {
        end.close();
    }
}
