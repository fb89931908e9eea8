// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.linux.EventFd;
import dev.kith.linux.UnixSocket;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.PipeReader;
import dev.kith.posix.PipeWriter;
import dev.kith.posix.QueueReader;
import dev.kith.posix.QueueWriter;
import dev.kith.posix.Semaphore;
import dev.kith.posix.SharedMemory;
import dev.kith.sysv.MessageBuffer;
import dev.kith.sysv.Types;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Ends that are handles: each does per message what put() and take() of its C program do. */
final class HandleEnds {
    private HandleEnds() {}

    /** Native memory for one message; made where it is used, it does not travel. */
    private static MemorySegment message(int bytes) {
        return Arena.global().allocate(bytes, 8);
    }

    private static void checkWhole(long moved, long bytes) {
        if (moved != bytes) {
            throw new IllegalStateException("length=" + moved + ", expected=" + bytes);
        }
    }

    /** Two pipes. */
    static final class Pipes implements Ends {
        private static final long serialVersionUID = 1L;

        private final PipeReader in;
        private final PipeWriter out;
        private final int bytes;
        private transient MemorySegment message;

        Pipes(PipeReader in, PipeWriter out, int bytes) {
            this.in = in;
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void put(long stamp) throws InterruptedException {
            if (message == null) {
                message = message(bytes);
            }
            message.set(ValueLayout.JAVA_LONG, 0, stamp);
            checkWhole(out.write(message), bytes);
        }

        @Override
        public long take() throws InterruptedException {
            if (message == null) {
                message = message(bytes);
            }
            checkWhole(in.read(message), bytes);
            return message.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** A connected socket. */
    static final class Sockets implements Ends {
        private static final long serialVersionUID = 1L;

        private final UnixSocket socket;
        private final int bytes;
        private transient MemorySegment message;

        Sockets(UnixSocket socket, int bytes) {
            this.socket = socket;
            this.bytes = bytes;
        }

        @Override
        public void put(long stamp) throws InterruptedException {
            if (message == null) {
                message = message(bytes);
            }
            message.set(ValueLayout.JAVA_LONG, 0, stamp);
            checkWhole(socket.write(message), bytes);
        }

        @Override
        public long take() throws InterruptedException {
            if (message == null) {
                message = message(bytes);
            }
            checkWhole(socket.read(message), bytes);
            return message.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Two POSIX message queues. */
    static final class PosixQueues implements Ends {
        private static final long serialVersionUID = 1L;

        private final MessageQueue in;
        private final MessageQueue out;
        private final int bytes;
        private transient long stamp;
        private transient QueueWriter writer;
        private transient QueueReader<Object> reader;

        PosixQueues(MessageQueue in, MessageQueue out, int bytes) {
            this.in = in;
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void put(long next) throws InterruptedException {
            if (writer == null) {
                writer =
                        target -> {
                            target.set(ValueLayout.JAVA_LONG, 0, stamp);
                            return bytes;
                        };
            }
            stamp = next;
            out.send(writer, 0);
        }

        @Override
        public long take() throws InterruptedException {
            if (reader == null) {
                reader =
                        (source, priority) -> {
                            checkWhole(source.byteSize(), bytes);
                            stamp = source.get(ValueLayout.JAVA_LONG, 0);
                            return this;
                        };
            }
            in.receive(reader);
            return stamp;
        }
    }

    /** Two System V message queues. */
    static final class SystemVQueues implements Ends {
        private static final long serialVersionUID = 1L;

        private final dev.kith.sysv.MessageQueue in;
        private final dev.kith.sysv.MessageQueue out;
        private final int bytes;
        private transient MessageBuffer incoming;
        private transient MessageBuffer outgoing;

        SystemVQueues(dev.kith.sysv.MessageQueue in, dev.kith.sysv.MessageQueue out, int bytes) {
            this.in = in;
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void put(long stamp) throws InterruptedException {
            if (outgoing == null) {
                outgoing = out.buffer();
            }
            outgoing.room().set(ValueLayout.JAVA_LONG, 0, stamp);
            outgoing.type(1);
            outgoing.lengthBytes(bytes);
            outgoing.send();
        }

        @Override
        public long take() throws InterruptedException {
            if (incoming == null) {
                incoming = in.buffer();
            }
            incoming.receive(Types.any());
            checkWhole(incoming.lengthBytes(), bytes);
            return incoming.text().get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Two counters: a message is what is added. */
    static final class Counters implements Ends {
        private static final long serialVersionUID = 1L;

        private final EventFd in;
        private final EventFd out;

        Counters(EventFd in, EventFd out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public void put(long stamp) throws InterruptedException {
            out.add(stamp);
        }

        @Override
        public long take() throws InterruptedException {
            return in.take();
        }
    }

    /** Shared memory, a message each way, and a semaphore that says that it is there. */
    static final class Semaphores implements Ends {
        private static final long serialVersionUID = 1L;

        /** Between the two messages, bytes. */
        static final int APART = 8192 + 128;

        private final SharedMemory memory;
        private final Semaphore in;
        private final Semaphore out;
        private final long outAt;
        private final int bytes;
        private transient MemorySegment message;
        private transient MemorySegment incoming;
        private transient MemorySegment outgoing;

        Semaphores(SharedMemory memory, Semaphore in, Semaphore out, long outAt, int bytes) {
            this.memory = memory;
            this.in = in;
            this.out = out;
            this.outAt = outAt;
            this.bytes = bytes;
        }

        @Override
        public void put(long stamp) {
            if (message == null) {
                map();
            }
            message.set(ValueLayout.JAVA_LONG, 0, stamp);
            outgoing.copyFrom(message);
            out.release();
        }

        @Override
        public long take() throws InterruptedException {
            if (message == null) {
                map();
            }
            in.acquire();
            message.copyFrom(incoming);
            return message.get(ValueLayout.JAVA_LONG, 0);
        }

        private void map() {
            message = message(bytes);
            outgoing = memory.segment().asSlice(outAt, bytes);
            incoming = memory.segment().asSlice(APART - outAt, bytes);
        }
    }
}
