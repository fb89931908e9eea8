// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;

/** Writes and reads the records of one class; {@link StructCompiler} makes a class for each. */
abstract class StructCode {
    /** Writes all of a record, and zeros where C has padding. */
    abstract void write(Object value, MemorySegment target, long offset);

    /** Makes a record by its canonical constructor. */
    abstract Object read(MemorySegment source, long offset);
}
