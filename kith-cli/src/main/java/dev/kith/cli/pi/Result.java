// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import java.util.List;

/**
 * One row.
 *
 * @param mechanism its name
 * @param pi with twelve significant digits
 * @param wallNanos from making the mechanism to removing it
 * @param transportNanos the part of it in which no child was computing
 * @param bytes what the children delivered
 * @param leftBehind what was there afterwards and had not been there before
 * @param workers the process ids of the children
 */
public record Result(
        String mechanism,
        String pi,
        long wallNanos,
        long transportNanos,
        long bytes,
        List<String> leftBehind,
        List<Long> workers) {}
