// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.linux.EventFd;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.Pipe;
import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.process.Worker;
import dev.kith.process.WorkerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What connects two JVMs without a channel: two handles of {@code dev.kith.posix}, {@code sysv} or
 * {@code linux}, one each way (for rings see {@link JvmParty}); the other JVM is a worker that gets
 * its ends by capture.
 */
final class HandleWire {
    /** Makes the ends of a mechanism, for messages of so many bytes. */
    private interface Maker {
        void make(HandleWire wire, int bytes) throws InterruptedException;
    }

    private static final Map<String, Maker> MAKERS =
            Map.of(
                    "pipe", HandleWire::pipes,
                    "unix", HandleWire::sockets,
                    "socketpair", HandleWire::sockets,
                    "mq", HandleWire::posixQueues,
                    "sysvmq", HandleWire::systemVQueues,
                    "eventfd", HandleWire::counters,
                    "sem", HandleWire::semaphores);

    private final List<Runnable> undo = new ArrayList<>();
    private final Worker worker;
    private Ends here;
    private Ends there;

    private HandleWire(Worker worker) {
        this.worker = worker;
    }

    static boolean knows(Mechanism mechanism) {
        return MAKERS.containsKey(mechanism.name());
    }

    /** Makes the ends and the other JVM; names are removed when this process ends. */
    static HandleWire lay(Mechanism mechanism, int bytes, List<String> workerFlags)
            throws InterruptedException {
        HandleWire wire =
                new HandleWire(
                        Worker.start(
                                WorkerOptions.defaults()
                                        .withJvmFlags(workerFlags.toArray(String[]::new))));
        Runtime.getRuntime().addShutdownHook(new Thread(wire::remove));
        MAKERS.get(mechanism.name()).make(wire, bytes);
        return wire;
    }

    Worker worker() {
        return worker;
    }

    /** This process's ends; the other process begins to send back. */
    Ends connect() {
        Ends theirs = there;
        worker.async(() -> Pong.echo(theirs));
        return here;
    }

    private void pipes(int bytes) {
        Pipe forth = Pipe.open();
        Pipe back = Pipe.open();
        here = new HandleEnds.Pipes(back.reader(), forth.writer(), bytes);
        there = new HandleEnds.Pipes(forth.reader(), back.writer(), bytes);
    }

    private void sockets(int bytes) {
        UnixSocketPair pair = UnixSocket.pair();
        here = new HandleEnds.Sockets(pair.first(), bytes);
        there = new HandleEnds.Sockets(pair.second(), bytes);
    }

    private void posixQueues(int bytes) {
        MessageQueue forth = posixQueue();
        MessageQueue back = posixQueue();
        here = new HandleEnds.PosixQueues(back, forth, bytes);
        there = new HandleEnds.PosixQueues(forth, back, bytes);
    }

    private MessageQueue posixQueue() {
        MessageQueue queue = MessageQueue.create(10, 8192);
        later(queue::unlink);
        return queue;
    }

    private void systemVQueues(int bytes) {
        dev.kith.sysv.MessageQueue forth = systemVQueue();
        dev.kith.sysv.MessageQueue back = systemVQueue();
        here = new HandleEnds.SystemVQueues(back, forth, bytes);
        there = new HandleEnds.SystemVQueues(forth, back, bytes);
    }

    private dev.kith.sysv.MessageQueue systemVQueue() {
        dev.kith.sysv.MessageQueue queue = dev.kith.sysv.MessageQueue.create();
        later(queue::unlink);
        return queue;
    }

    private void counters(int bytes) {
        EventFd forth = EventFd.create();
        EventFd back = EventFd.create();
        here = new HandleEnds.Counters(back.keep(), forth.keep());
        there = new HandleEnds.Counters(forth, back);
    }

    private void semaphores(int bytes) {
        SharedMemory memory = SharedMemory.create(2L * HandleEnds.Semaphores.APART);
        later(memory::unlink);
        Semaphore forth = semaphore();
        Semaphore back = semaphore();
        here = new HandleEnds.Semaphores(memory, back, forth, 0, bytes);
        there = new HandleEnds.Semaphores(memory, forth, back, HandleEnds.Semaphores.APART, bytes);
    }

    private Semaphore semaphore() {
        Semaphore semaphore = Semaphore.create(0);
        later(semaphore::unlink);
        return semaphore;
    }

    private synchronized void later(Runnable removal) {
        undo.add(removal);
    }

    private synchronized void remove() {
        undo.reversed().forEach(Runnable::run);
    }
}
