// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EMFILE;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOSPC;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.AlreadyExists;
import dev.kith.NotFound;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Mqueue;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes, opens and removes message queues, and explains why not. */
final class QueueOpening {
    private QueueOpening() {}

    static int create(String name, int capacity, int maxMessageBytes, int mode) {
        ObjectName.checked("mq_open", name, "");
        ObjectName.checkedMode(mode);
        checkPositive("capacity", capacity);
        checkPositive("maxMessageBytes", maxMessageBytes);
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Mqueue.ATTR_BYTES, 8);
            attributes.set(JAVA_LONG, Mqueue.MAXMSG, capacity);
            attributes.set(JAVA_LONG, Mqueue.MSGSIZE, maxMessageBytes);
            int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL;
            fd = Mqueue.open(name, flags, mode, attributes);
        }
        String call =
                "mq_open(\""
                        + name
                        + "\", O_CREAT|O_EXCL, "
                        + ObjectName.octal(mode)
                        + ", {maxmsg="
                        + capacity
                        + ", msgsize="
                        + maxMessageBytes
                        + "})";
        if (fd < 0) {
            throw Errors.of(call, fd, createAdvice(-fd, name, capacity, maxMessageBytes));
        }
        // What was asked for, whatever the umask took away.
        int error = SysStat.fchmod(fd, mode);
        if (error < 0) {
            Unistd.close(fd);
            Mqueue.unlink(name);
            throw Errors.of("fchmod(\"" + name + "\", " + ObjectName.octal(mode) + ")", error, "");
        }
        return fd;
    }

    /** Makes it, or opens the one that there is. */
    static int openOrCreate(String name, int capacity, int maxMessageBytes, int mode) {
        for (; ; ) {
            try {
                return create(name, capacity, maxMessageBytes, mode);
            } catch (AlreadyExists there) {
                try {
                    return open(name, MessageQueue.Access.BOTH);
                } catch (NotFound removed) {
                    // between the two calls: make it
                }
            }
        }
    }

    static int open(String name, MessageQueue.Access access) {
        ObjectName.checked("mq_open", name, "");
        int flags =
                switch (access) {
                    case RECEIVE -> Fcntl.O_RDONLY;
                    case SEND -> Fcntl.O_WRONLY;
                    case BOTH -> Fcntl.O_RDWR;
                };
        String symbol =
                switch (access) {
                    case RECEIVE -> "O_RDONLY";
                    case SEND -> "O_WRONLY";
                    case BOTH -> "O_RDWR";
                };
        int fd = Mqueue.open(name, flags, 0, MemorySegment.NULL);
        return Errors.check(
                fd,
                "mq_open(\"" + name + "\", " + symbol + ")",
                switch (-fd) {
                    case ENOENT -> "make it with: kith create mq:" + name;
                    case EMFILE -> QueueLimits.tooManyBytes();
                    default -> "see its owner and mode with: kith info mq:" + name;
                });
    }

    static int duplicate(int fd) {
        return Errors.check(
                Fcntl.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, 3),
                "fcntl(" + fd + ", F_DUPFD_CLOEXEC)",
                "raise the limit of open files (ulimit -n)");
    }

    static void unlink(String name) {
        ObjectName.checked("mq_unlink", name, "");
        int error = Mqueue.unlink(name);
        Errors.check(
                error,
                "mq_unlink(\"" + name + "\")",
                error == -ENOENT
                        ? "the queues there are: kith ls --kind mq"
                        : "only its owner may remove it");
    }

    private static String createAdvice(int errno, String name, int capacity, int maxMessageBytes) {
        return switch (errno) {
            case EEXIST -> "open it with MessageQueue.open, or remove it with: kith rm mq:" + name;
            case EINVAL -> QueueLimits.current().explain(capacity, maxMessageBytes);
            case ENOSPC -> QueueLimits.current().tooManyQueues();
            case EMFILE -> QueueLimits.tooManyBytes();
            default -> "";
        };
    }

    private static void checkPositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + "=" + value + ", least=1");
        }
    }
}
