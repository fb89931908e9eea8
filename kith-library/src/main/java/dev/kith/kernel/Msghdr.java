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
 * {@code struct msghdr} with one iovec and room for control messages and a Unix name. recvmsg(2),
 * cmsg(3)
 *
 * <p>musl has four-byte lengths with padding after them where glibc and the kernel have eight.
 */
public final class Msghdr {
    /** The most descriptors that one message carries: SCM_MAX_FD. */
    public static final int MAX_FDS = 253;

    /** {@code struct msghdr}. */
    private static final long HEADER = 56;

    private static final long NAME = 0;
    private static final long NAMELEN = 8;
    private static final long IOV = 16;
    private static final long IOVLEN = 24;
    private static final long CONTROL = 32;
    private static final long CONTROLLEN = 40;
    private static final long FLAGS = 48;

    /** {@code struct iovec}. */
    private static final long IOVEC = 16;

    private static final long IOVEC_BASE = 0;
    private static final long IOVEC_LEN = 8;

    /** {@code struct cmsghdr}, the data after it, the whole padded to 8. */
    private static final long CMSG_HEADER = 16;

    private static final long CMSG_LEN = 0;
    private static final long CMSG_LEVEL = 8;
    private static final long CMSG_TYPE = 12;

    /** A control message with a struct timeval: SCM_TIMESTAMP, which the kernel puts first. */
    public static final long TIMESTAMP_BYTES = CMSG_HEADER + 16;

    /** Room for a time stamp, for credentials and for the most descriptors. */
    private static final long ROOM =
            TIMESTAMP_BYTES + CMSG_HEADER + 16 + CMSG_HEADER + 4L * MAX_FDS + 4;

    private final MemorySegment memory;
    private final MemorySegment control;
    private final MemorySegment name;

    /** A header in memory of that arena. */
    public Msghdr(Arena arena) {
        memory = arena.allocate(HEADER + IOVEC + ROOM + SysUn.ADDRESS_BYTES, 8);
        control = memory.asSlice(HEADER + IOVEC, ROOM);
        name = memory.asSlice(HEADER + IOVEC + ROOM, SysUn.ADDRESS_BYTES);
    }

    /** The struct, to be passed to sendmsg and recvmsg. */
    public MemorySegment segment() {
        return memory;
    }

    /** Sets what is sent, or where it is received, and no control message. */
    public void data(MemorySegment data, long length) {
        memory.asSlice(0, HEADER).fill((byte) 0);
        memory.set(ADDRESS, HEADER + IOVEC_BASE, data);
        memory.set(JAVA_LONG, HEADER + IOVEC_LEN, length);
        memory.set(ADDRESS, IOV, memory.asSlice(HEADER, IOVEC));
        memory.set(JAVA_LONG, IOVLEN, 1L);
    }

    /** Sets the address to send to. */
    public void address(MemorySegment address, int length) {
        memory.set(ADDRESS, NAME, address);
        memory.set(JAVA_INT, NAMELEN, length);
    }

    /** Makes room for the name of a Unix socket that it comes from. */
    public void expectName() {
        address(name, SysUn.ADDRESS_BYTES);
    }

    /** The name that it came from, after {@link #expectName()}; empty if it has none. */
    public String name() {
        return SysUn.name(name, memory.get(JAVA_INT, NAMELEN));
    }

    /** Adds descriptors to what is sent: SCM_RIGHTS. */
    public void descriptors(List<Integer> fds) {
        descriptors(fds.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Adds descriptors to what is sent: SCM_RIGHTS. */
    public void descriptors(int[] fds) {
        if (fds.length == 0) {
            return;
        }
        long length = CMSG_HEADER + 4L * fds.length;
        control.set(JAVA_LONG, CMSG_LEN, length);
        control.set(JAVA_INT, CMSG_LEVEL, SysSocket.SOL_SOCKET);
        control.set(JAVA_INT, CMSG_TYPE, SysSocket.SCM_RIGHTS);
        MemorySegment.copy(fds, 0, control, JAVA_INT, CMSG_HEADER, fds.length);
        expectControl((length + 7) & ~7L);
    }

    /** Makes room for the control messages to be received. */
    public void expectControl() {
        expectControl(ROOM);
    }

    /** Makes room for so many bytes of control messages; the kernel drops the others. */
    public void expectControl(long bytes) {
        memory.set(ADDRESS, CONTROL, control);
        memory.set(JAVA_LONG, CONTROLLEN, bytes);
    }

    /** Whether control messages arrived. */
    public boolean hasControl() {
        return memory.get(JAVA_LONG, CONTROLLEN) > 0;
    }

    /** The flags that recvmsg set: MSG_CTRUNC, MSG_TRUNC. */
    public int flags() {
        return memory.get(JAVA_INT, FLAGS);
    }

    /** The descriptors that arrived. */
    public List<Integer> descriptors() {
        List<Integer> fds = List.of();
        long end = memory.get(JAVA_LONG, CONTROLLEN);
        for (long at = 0;
                at + CMSG_HEADER <= end;
                at += (control.get(JAVA_LONG, at + CMSG_LEN) + 7) & ~7L) {
            long length = control.get(JAVA_LONG, at + CMSG_LEN);
            if (length < CMSG_HEADER) {
                break;
            }
            if (control.get(JAVA_INT, at + CMSG_LEVEL) == SysSocket.SOL_SOCKET
                    && control.get(JAVA_INT, at + CMSG_TYPE) == SysSocket.SCM_RIGHTS) {
                fds = fds.isEmpty() ? new ArrayList<>() : fds;
                for (long fd = at + CMSG_HEADER; fd + 4 <= at + length; fd += 4) {
                    fds.add(control.get(JAVA_INT, fd));
                }
            }
        }
        return fds;
    }

    /** The sender's {pid, uid, gid} that arrived, or null: SCM_CREDENTIALS. */
    public int[] credentials() {
        long end = memory.get(JAVA_LONG, CONTROLLEN);
        for (long at = 0;
                at + CMSG_HEADER <= end;
                at += (control.get(JAVA_LONG, at + CMSG_LEN) + 7) & ~7L) {
            if (control.get(JAVA_LONG, at + CMSG_LEN) < CMSG_HEADER) {
                break;
            }
            if (control.get(JAVA_INT, at + CMSG_LEVEL) == SysSocket.SOL_SOCKET
                    && control.get(JAVA_INT, at + CMSG_TYPE) == SysSocket.SCM_CREDENTIALS) {
                return control.asSlice(at + CMSG_HEADER, SysSocket.UCRED_BYTES).toArray(JAVA_INT);
            }
        }
        return null;
    }
}
