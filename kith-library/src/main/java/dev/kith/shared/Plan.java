// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import java.util.function.Consumer;

/**
 * What an object is to be like that may have to be made.
 *
 * @param shape of its region, see {@link Kind#shape}
 * @param parameters what was asked for, in the words of {@link SharedObject#parameters()}
 * @param contents writes what is in it at first, before anybody else sees it; all else is zero
 */
record Plan(Shape shape, String parameters, Consumer<Region> contents) {}
