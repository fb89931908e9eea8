// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import java.nio.file.Path;

/** A way for children to deliver their partial sums to the parent. */
interface Mechanism {
    /** As {@code --via} takes it. */
    String name();

    /**
     * Makes what the children and the parent need.
     *
     * @param children how many will deliver
     * @param directory for what has a path
     */
    Exchange open(int children, Path directory) throws Exception;
}
