// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.linux.PidFd;
import java.util.List;

/** Waiting for the end of a process that runs. */
final class PidFdCalls {
    private PidFdCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(PidFd.class, PidFdCalls::running)
                        .call("join()", process -> process.handle().join())
                        .timed("join(Duration)", (process, time) -> process.handle().join(time))
                        .letGo(process -> process.other().destroyForcibly())
                        .close(Fixture.closing()));
    }

    private static Fixture<PidFd, Process> running() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        PidFd handle = PidFd.open(process.pid());
        return new Fixture<>(
                handle,
                process,
                () -> {
                    handle.close();
                    process.destroyForcibly().waitFor();
                });
    }
}
