// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.kernel.Signal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who receives signals with a value: {@code PID} or {@code PID/TID}.
 *
 * @param pid a process
 * @param tid its one thread that receives, or 0 if all of them block the signal
 */
record SignalTarget(int pid, int tid) {
    private static final Pattern SYNTAX =
            Pattern.compile("([1-9][0-9]{0,8})(?:/([1-9][0-9]{0,8}))?");
    private static final long BIT = Signal.bit(SignalQueue.SIGNAL);

    static SignalTarget parse(String address) {
        Matcher parts = SYNTAX.matcher(address);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "no receiver of signals: \""
                            + address
                            + "\": it is PID or PID/TID, as SignalQueue.address() says");
        }
        String tid = parts.group(2);
        return new SignalTarget(
                Integer.parseInt(parts.group(1)), tid == null ? 0 : Integer.parseInt(tid));
    }

    /** The process, if it is there and waits for the signal: one that does not would end by it. */
    Peer receiver() {
        Peer process = Peer.of(pid).orElseThrow(() -> notFound("there is no process " + pid));
        Path directory = Path.of("/proc/" + pid);
        if (tid != 0) {
            if (!takesSoon(directory.resolve("task/" + tid))) {
                throw notFound(
                        "no thread "
                                + tid
                                + " of process "
                                + pid
                                + " receives SIGRTMIN+6: its queue was closed, or this is not its"
                                + " address");
            }
            return process;
        }
        SignalStatus first = SignalStatus.of(directory);
        if (first == null || takesSoon(directory)) {
            return process;
        }
        int thread = receivingThread(directory.resolve("task"));
        if (thread != 0) {
            throw notFound(
                    "process "
                            + pid
                            + " receives SIGRTMIN+6 in one thread only: send to "
                            + pid
                            + "/"
                            + thread);
        }
        if ((first.caught() & BIT) == 0) {
            throw notFound(
                    "process "
                            + pid
                            + ((first.ignored() & BIT) != 0
                                    ? " ignores SIGRTMIN+6"
                                    : " does not receive SIGRTMIN+6 and would be ended by it")
                            + "; let it open a SignalQueue, or start it under env"
                            + " --block-signal=RTMIN+6");
        }
        return process;
    }

    NotFound notFound(String why) {
        return new NotFound("signal:" + this + ": " + why);
    }

    @Override
    public String toString() {
        return tid == 0 ? Integer.toString(pid) : pid + "/" + tid;
    }

    private static int receivingThread(Path tasks) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                if (takesForLong(thread)) {
                    return Integer.parseInt(thread.getFileName().toString());
                }
            }
        } catch (IOException gone) {
            return 0;
        }
        return 0;
    }

    /**
     * Whether a thread blocks the signal, or waits for it in sigtimedwait, which unblocks it. That
     * shows only when the thread sleeps: one on its way there or back is looked at again.
     */
    private static boolean takesSoon(Path thread) {
        for (int i = 0; i < 20; i++) {
            if (takes(thread)) {
                return true;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return false;
    }

    /** A thread that starts another one blocks all signals for a moment; so does the new one. */
    private static boolean takesForLong(Path thread) {
        for (int i = 0; i < 3; i++) {
            if (!takes(thread)) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    private static boolean takes(Path thread) {
        SignalStatus status = SignalStatus.of(thread);
        return status != null && (status.blocked() & BIT) != 0 || SignalStatus.waits(thread);
    }
}
