// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.Python;
import dev.kith.posix.SignalQueue;
import dev.kith.posix.SignalSender;
import dev.kith.posix.Signals;
import java.util.List;

/** Receiving values that nobody has sent, sending to a process that may not have more waiting. */
final class SignalCalls {
    private static final long PID = ProcessHandle.current().pid();

    /** Nothing happens when it comes and nobody waits for it. */
    private static final String HARMLESS = "WINCH";

    private SignalCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(SignalQueue.class, SignalQueue::open)
                        .call("receive()", SignalQueue::receive)
                        .timed(
                                "tryReceive(Duration)",
                                (queue, time) -> queue.tryReceive(time).isPresent())
                        .letGo(SignalCalls::send)
                        .close(SignalQueue::close),
                Waiting.in(SignalSender.class, SignalCalls::full)
                        .call("send(long)", sender -> sender.handle().send(1))
                        .call("end()", sender -> sender.handle().end())
                        .timed(
                                "trySend(long, Duration)",
                                (sender, time) -> sender.handle().trySend(1, time))
                        .timed("tryEnd(Duration)", (sender, time) -> sender.handle().tryEnd(time))
                        .letGo(SignalCalls::makeRoom)
                        .close(Fixture.closing()),
                Waiting.in(Signals.class, () -> (AutoCloseable) () -> {})
                        .call("await(String[])", none -> Signals.await(HARMLESS))
                        .timed(
                                "await(Duration, String[])",
                                (none, time) -> Signals.await(time, HARMLESS).isPresent())
                        .letGo(none -> Signals.send(PID, HARMLESS)));
    }

    private static void send(SignalQueue queue) throws InterruptedException {
        try (SignalSender sender = SignalSender.to(queue.address())) {
            sender.send(1);
        }
    }

    /** A process that blocks the signal and of whose signals none may wait. */
    private static Fixture<SignalSender, Process> full() throws Exception {
        Process receiver =
                Python.start(
                        """
                        import resource, signal, sys
                        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN + 6])
                        most = resource.getrlimit(resource.RLIMIT_SIGPENDING)[1]
                        resource.setrlimit(resource.RLIMIT_SIGPENDING, (0, most))
                        print('ready', flush=True)
                        sys.stdin.readline()
                        resource.setrlimit(resource.RLIMIT_SIGPENDING, (most, most))
                        print('room', flush=True)
                        sys.stdin.readline()
                        """);
        receiver.inputReader().readLine();
        SignalSender sender = SignalSender.to(Long.toString(receiver.pid()));
        return new Fixture<>(
                sender,
                receiver,
                () -> {
                    sender.close();
                    receiver.destroyForcibly().waitFor();
                });
    }

    private static void makeRoom(Fixture<SignalSender, Process> sender) throws Exception {
        sender.other().outputWriter().append('\n').flush();
        sender.other().inputReader().readLine();
    }
}
