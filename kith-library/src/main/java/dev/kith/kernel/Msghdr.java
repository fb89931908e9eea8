// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct msghdr} with one iovec and room for control messages. recvmsg(2), cmsg(3)
 *
 * <pre>
 *   msghdr   0 name  8 namelen  16 iov  24 iovlen  32 control  40 controllen  48 flags   56 bytes
 *   iovec    0 base  8 len                                                               16 bytes
 *   cmsghdr  0 len   8 level   12 type  16 data, padded to 8
 * </pre>
 */
public final class Msghdr {
    /** The most descriptors that one message carries: SCM_MAX_FD. */
    public static final int MAX_FDS = 253;

    private static final long HEADER = 56;
    private static final long IOVEC = 16;
    private static final long CMSG_HEADER = 16;
    private static final long CONTROL = CMSG_HEADER + 4L * MAX_FDS + 4 + CMSG_HEADER + 16;

    private final MemorySegment memory;
    private final MemorySegment control;

    /** A header in memory of that arena. */
    public Msghdr(Arena arena) {
        memory = arena.allocate(HEADER + IOVEC + CONTROL, 8);
        control = memory.asSlice(HEADER + IOVEC, CONTROL);
    }

    /** The struct, to be passed to sendmsg and recvmsg. */
    public MemorySegment segment() {
        return memory;
    }

    /** Sets what is sent, or where it is received, and no control message. */
    public void data(MemorySegment data, long length) {
        memory.asSlice(0, HEADER).fill((byte) 0);
        memory.set(ADDRESS, HEADER, data);
        memory.set(JAVA_LONG, HEADER + 8, length);
        memory.set(ADDRESS, 16, memory.asSlice(HEADER, IOVEC));
        memory.set(JAVA_LONG, 24, 1L);
    }

    /** Sets the address to send to, or room for the one it came from. */
    public void address(MemorySegment address, int length) {
        memory.set(ADDRESS, 0, address);
        memory.set(JAVA_INT, 8, length);
    }

    /** How long the address is that it came from. */
    public int addressLength() {
        return memory.get(JAVA_INT, 8);
    }

    /** Adds descriptors to what is sent: SCM_RIGHTS. */
    public void descriptors(List<Integer> fds) {
        if (fds.isEmpty()) {
            return;
        }
        long length = CMSG_HEADER + 4L * fds.size();
        control.set(JAVA_LONG, 0, length);
        control.set(JAVA_INT, 8, SysSocket.SOL_SOCKET);
        control.set(JAVA_INT, 12, SysSocket.SCM_RIGHTS);
        for (int i = 0; i < fds.size(); i++) {
            control.set(JAVA_INT, CMSG_HEADER + 4L * i, fds.get(i));
        }
        memory.set(ADDRESS, 32, control);
        memory.set(JAVA_LONG, 40, (length + 7) & ~7L);
    }

    /** Makes room for the control messages to be received. */
    public void expectControl() {
        memory.set(ADDRESS, 32, control);
        memory.set(JAVA_LONG, 40, CONTROL);
    }

    /** The flags that recvmsg set: MSG_CTRUNC, MSG_TRUNC. */
    public int flags() {
        return memory.get(JAVA_INT, 48);
    }

    /** The descriptors that arrived. */
    public List<Integer> descriptors() {
        List<Integer> fds = new ArrayList<>();
        long end = memory.get(JAVA_LONG, 40);
        for (long at = 0; at + CMSG_HEADER <= end; at += (control.get(JAVA_LONG, at) + 7) & ~7L) {
            long length = control.get(JAVA_LONG, at);
            if (length < CMSG_HEADER) {
                break;
            }
            if (control.get(JAVA_INT, at + 8) == SysSocket.SOL_SOCKET
                    && control.get(JAVA_INT, at + 12) == SysSocket.SCM_RIGHTS) {
                for (long fd = at + CMSG_HEADER; fd + 4 <= at + length; fd += 4) {
                    fds.add(control.get(JAVA_INT, fd));
                }
            }
        }
        return fds;
    }

    /** The sender's {pid, uid, gid} that arrived, or null: SCM_CREDENTIALS. */
    public int[] credentials() {
        long end = memory.get(JAVA_LONG, 40);
        for (long at = 0; at + CMSG_HEADER <= end; at += (control.get(JAVA_LONG, at) + 7) & ~7L) {
            if (control.get(JAVA_LONG, at) < CMSG_HEADER) {
                break;
            }
            if (control.get(JAVA_INT, at + 8) == SysSocket.SOL_SOCKET
                    && control.get(JAVA_INT, at + 12) == SysSocket.SCM_CREDENTIALS) {
                return control.asSlice(at + CMSG_HEADER, 12).toArray(JAVA_INT);
            }
        }
        return null;
    }
}
