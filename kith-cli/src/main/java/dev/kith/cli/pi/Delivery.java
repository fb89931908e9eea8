// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import java.io.Serializable;

/**
 * How a child delivers its partial sum; travels to the child with the ends and handles that it
 * captures.
 */
@FunctionalInterface
interface Delivery extends Serializable {
    void deliver(double sum) throws Exception;
}
