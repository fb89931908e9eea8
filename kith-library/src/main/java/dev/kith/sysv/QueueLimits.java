// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

/**
 * What the kernel allows message queues, for the whole machine (or container).
 *
 * @param msgmax how many bytes a message may have: /proc/sys/kernel/msgmax
 * @param msgmnb how many bytes a new queue may hold: /proc/sys/kernel/msgmnb
 * @param msgmni how many queues there may be: /proc/sys/kernel/msgmni
 */
public record QueueLimits(long msgmax, long msgmnb, long msgmni) {
    /**
     * The limits as they are now.
     *
     * @return this machine's; the kernel's defaults where /proc does not tell
     */
    public static QueueLimits current() {
        return new QueueLimits(
                Limits.number("msgmax", 8192),
                Limits.number("msgmnb", 16384),
                Limits.number("msgmni", 32000));
    }
}
