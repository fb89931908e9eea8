// SPDX-License-Identifier: Apache-2.0
/**
 * Child JVMs that run lambdas.
 *
 * <p>A {@link dev.kith.process.Worker} is a child that runs one task after the other; a {@link
 * dev.kith.process.Job} is one that was started for a single task. A task captures what it needs:
 * values, channel ends, handles.
 *
 * <pre>{@code
 * try (Worker worker = Worker.start()) {
 *     int answer = worker.run(() -> 6 * 7);
 * }
 * }</pre>
 */
package dev.kith.process;
