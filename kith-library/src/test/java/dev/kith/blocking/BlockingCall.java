// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.time.Duration;

/**
 * One public method that waits, with all that a test of it needs.
 *
 * @param name {@code posix.PipeReader.read(MemorySegment)}
 * @param setUp makes what it is called on
 * @param call the call; one without a time-out ignores it
 * @param limited whether it has a time-out
 * @param letGo lets one waiting call succeed
 * @param close closes the handle; null if there is none
 */
record BlockingCall<F extends AutoCloseable>(
        String name,
        Waiting.SetUp<F> setUp,
        Waiting.Timed<F> call,
        boolean limited,
        Waiting.Step<F> letGo,
        Waiting.Step<F> close) {

    /** Longer than a test runs. */
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Starts the call in a thread of its own and waits until it waits. */
    WaitingThread start(boolean virtual, F fixture) throws InterruptedException {
        return start(virtual, fixture, LONG).awaitWaiting();
    }

    /** Starts the call in a thread of its own. */
    WaitingThread start(boolean virtual, F fixture, Duration timeout) {
        return WaitingThread.start(virtual, () -> call.on(fixture, timeout));
    }

    @Override
    public String toString() {
        return name;
    }
}
