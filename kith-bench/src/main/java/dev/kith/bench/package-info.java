// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks between two processes. {@link dev.kith.bench.Bench} is the command; {@link
 * dev.kith.bench.Mechanism} lists what is measured; a {@link dev.kith.bench.Party} is who does it
 * (C, Kith); {@link dev.kith.bench.Contest} lets the parties take turns; {@link
 * dev.kith.bench.Result} compares what they gave.
 */
package dev.kith.bench;
