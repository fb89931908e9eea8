// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.util.List;
import java.util.stream.Stream;

/** Every public method of the library's handles that waits, one class of entries a handle. */
final class BlockingCalls {
    private BlockingCalls() {}

    /** All of them; a test compares them with what reflection finds. */
    static List<BlockingCall<?>> all() {
        return Stream.of(
                        PipeCalls.all(),
                        FifoCalls.all(),
                        FileLockCalls.all(),
                        PosixQueueCalls.all(),
                        SemaphoreCalls.all(),
                        SignalCalls.all(),
                        SysvQueueCalls.all(),
                        SemaphoreSetCalls.all(),
                        UnixSocketCalls.all(),
                        UnixDatagramCalls.all(),
                        TcpSocketCalls.all(),
                        FdCalls.all(),
                        PidFdCalls.all(),
                        EventFdCalls.all(),
                        TimerFdCalls.all(),
                        PollerCalls.all(),
                        RingCalls.all(),
                        SharedCalls.all(),
                        SharedQueueCalls.all())
                .flatMap(List::stream)
                .<BlockingCall<?>>flatMap(waiting -> waiting.calls().stream())
                .toList();
    }
}
