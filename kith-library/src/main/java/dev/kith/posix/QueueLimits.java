// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.blocking.Knob;
import java.nio.file.Path;

/**
 * What the kernel allows POSIX message queues, read from /proc/sys/fs/mqueue. They hold for users
 * without CAP_SYS_RESOURCE; those with it may go to 65536 messages of 16 MiB.
 *
 * @param maxCapacity the most messages that a queue may be made for (msg_max)
 * @param maxMessageBytes the longest message that a queue may be made for (msgsize_max)
 * @param maxQueues how many queues there may be (queues_max)
 * @param defaultCapacity the capacity of a queue that a C program makes without saying
 *     (msg_default)
 * @param defaultMessageBytes the longest message of such a queue (msgsize_default)
 * @see <a href="https://man7.org/linux/man-pages/man7/mq_overview.7.html">mq_overview(7)</a>
 */
public record QueueLimits(
        int maxCapacity,
        int maxMessageBytes,
        int maxQueues,
        int defaultCapacity,
        int defaultMessageBytes) {
    private static final Path DIRECTORY = Path.of("/proc/sys/fs/mqueue");

    /**
     * The limits as they are now.
     *
     * @return this machine's; those of a plain kernel where they cannot be read
     */
    public static QueueLimits current() {
        return new QueueLimits(
                read("msg_max", 10),
                read("msgsize_max", 8192),
                read("queues_max", 256),
                read("msg_default", 10),
                read("msgsize_default", 8192));
    }

    /** Which limit is in the way of a queue, and how to raise it. */
    String explain(int capacity, int maxMessageBytes) {
        StringBuilder text = new StringBuilder();
        exceeded(text, "msg_max", maxCapacity, capacity);
        exceeded(text, "msgsize_max", this.maxMessageBytes, maxMessageBytes);
        if (text.isEmpty()) {
            return DIRECTORY
                    + "/msg_max is "
                    + maxCapacity
                    + ", msgsize_max is "
                    + this.maxMessageBytes;
        }
        return text.toString();
    }

    /** What to do about a queue too many. */
    String tooManyQueues() {
        return DIRECTORY
                + "/queues_max is "
                + maxQueues
                + "; remove a queue (kith ls --kind mq), or raise it as root: sysctl"
                + " fs.mqueue.queues_max="
                + 2 * maxQueues;
    }

    /** What to do when the kernel says EMFILE, which stands for two limits. */
    static String tooManyBytes() {
        return "the queues of one user may take a limited number of bytes together (ulimit -q), and"
                + " a process may have a limited number of open files (ulimit -n); remove a"
                + " queue (kith ls --kind mq), make a smaller one, or raise the limit";
    }

    private static void exceeded(StringBuilder text, String knob, int limit, int wanted) {
        if (wanted > limit) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(DIRECTORY)
                    .append('/')
                    .append(knob)
                    .append(" is ")
                    .append(limit)
                    .append("; raise it as root: sysctl fs.mqueue.")
                    .append(knob)
                    .append('=')
                    .append(wanted);
        }
    }

    private static int read(String knob, int otherwise) {
        return (int) Knob.number("fs/mqueue/" + knob, otherwise);
    }
}
