// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static dev.kith.kernel.Errno.EINTR;

import dev.kith.Broken;
import dev.kith.HasFd;
import dev.kith.PeerDied;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Msghdr;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Descriptors through the socketpair between a parent and its child: messages of one byte, each
 * with as many descriptors as the kernel allows. What was sent belongs to the receiver's socket; if
 * the receiver dies, the kernel closes it.
 */
final class DescriptorPassing {
    private DescriptorPassing() {}

    /** Second descriptors for the same open files, so that the handles may be closed meanwhile. */
    static List<Integer> duplicates(List<HasFd> handles) {
        List<Integer> copies = new ArrayList<>();
        try {
            for (HasFd handle : handles) {
                copies.add(handle.duplicateFd());
            }
            return copies;
        } catch (RuntimeException e) {
            close(copies);
            throw e;
        }
    }

    /** Sends descriptors; they may be closed afterwards. */
    static void send(int socket, List<Integer> fds) {
        try (Arena arena = Arena.ofConfined()) {
            Msghdr message = new Msghdr(arena);
            MemorySegment one = arena.allocate(1);
            for (int from = 0; from < fds.size(); from += Msghdr.MAX_FDS) {
                message.data(one, 1);
                message.descriptors(fds.subList(from, Math.min(fds.size(), from + Msghdr.MAX_FDS)));
                long sent;
                do {
                    sent =
                            SysSocket.sendmsg(
                                    socket, message.segment(), SysSocket.MSG_NOSIGNAL, one);
                } while (sent == -EINTR);
                if (sent < 0) {
                    throw Errors.of(
                            "sendmsg(SCM_RIGHTS, " + fds.size() + ")",
                            sent,
                            "the child is gone, or too many descriptors are on their way");
                }
            }
        }
    }

    /** Receives so many descriptors, close-on-exec. */
    static List<Integer> receive(int socket, int count) {
        List<Integer> fds = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            Msghdr message = new Msghdr(arena);
            MemorySegment one = arena.allocate(1);
            while (fds.size() < count) {
                message.data(one, 1);
                message.expectControl();
                long got =
                        SysSocket.recvmsg(
                                socket, message.segment(), SysSocket.MSG_CMSG_CLOEXEC, one);
                if (got == 0) {
                    throw new PeerDied("the parent is gone", "recvmsg", 0, Optional.empty());
                }
                if (got < 0 && got != -EINTR) {
                    throw Errors.of("recvmsg(SCM_RIGHTS)", got, "");
                }
                if (got > 0) {
                    fds.addAll(message.descriptors());
                    checkWhole(message);
                }
            }
            return fds;
        } catch (RuntimeException e) {
            close(fds);
            throw e;
        }
    }

    static void close(List<Integer> fds) {
        fds.forEach(Unistd::close);
    }

    private static void checkWhole(Msghdr message) {
        if ((message.flags() & SysSocket.MSG_CTRUNC) != 0) {
            throw new Broken(
                    "descriptors for a task were lost: MSG_CTRUNC; raise the limit of open files"
                            + " (ulimit -n)");
        }
    }
}
