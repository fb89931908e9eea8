// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.SysMsg.MSQID_DS_CBYTES;
import static dev.kith.kernel.SysMsg.MSQID_DS_CTIME;
import static dev.kith.kernel.SysMsg.MSQID_DS_LRPID;
import static dev.kith.kernel.SysMsg.MSQID_DS_LSPID;
import static dev.kith.kernel.SysMsg.MSQID_DS_QBYTES;
import static dev.kith.kernel.SysMsg.MSQID_DS_QNUM;
import static dev.kith.kernel.SysMsg.MSQID_DS_RTIME;
import static dev.kith.kernel.SysMsg.MSQID_DS_STIME;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/**
 * What the kernel says of a message queue: {@code struct msqid_ds}. Times are in whole seconds.
 *
 * @param permissions who may do what
 * @param messages how many messages wait
 * @param usedBytes how many bytes they have together, types not counted
 * @param capacityBytes how many they may have: {@code msg_qbytes}
 * @param lastSend when a message was last sent; empty if never
 * @param lastReceive when a message was last received; empty if never
 * @param changed when the queue was made, or its owner, mode or capacity changed
 * @param lastSender the process that sent last; 0 if none did
 * @param lastReceiver the process that received last; 0 if none did
 * @see <a href="https://man7.org/linux/man-pages/man2/msgctl.2.html">msgctl(2)</a>
 */
public record QueueStat(
        Permissions permissions,
        long messages,
        long usedBytes,
        long capacityBytes,
        Optional<Instant> lastSend,
        Optional<Instant> lastReceive,
        Instant changed,
        long lastSender,
        long lastReceiver) {

    static QueueStat read(MemorySegment ds) {
        return new QueueStat(
                Permissions.read(ds),
                ds.get(JAVA_LONG, MSQID_DS_QNUM),
                ds.get(JAVA_LONG, MSQID_DS_CBYTES),
                ds.get(JAVA_LONG, MSQID_DS_QBYTES),
                Times.of(ds.get(JAVA_LONG, MSQID_DS_STIME)),
                Times.of(ds.get(JAVA_LONG, MSQID_DS_RTIME)),
                Instant.ofEpochSecond(ds.get(JAVA_LONG, MSQID_DS_CTIME)),
                ds.get(JAVA_INT, MSQID_DS_LSPID),
                ds.get(JAVA_INT, MSQID_DS_LRPID));
    }
}
