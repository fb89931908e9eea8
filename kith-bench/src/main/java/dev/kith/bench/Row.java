// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.List;

/** One of the things that {@code ring} measures. */
interface Row {
    /** What {@code --only} calls it. */
    String name();

    List<Finding> measure() throws IOException, InterruptedException;
}
