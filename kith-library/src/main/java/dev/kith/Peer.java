// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The identity of a process: not its number alone, which the kernel gives out again, but the number
 * together with the time the process started, the boot of the machine and the pid namespace.
 *
 * @param pid the process id as this process sees it
 * @param startTicks when it started, in clock ticks since boot (field 22 of /proc/PID/stat); 0 if
 *     unknown, -1 if it had {@linkplain #ended ended} before anybody looked
 * @param bootId the boot in which it runs (/proc/sys/kernel/random/boot_id); empty if unknown
 * @param pidNamespace the inode of its pid namespace (/proc/PID/ns/pid); 0 if unknown
 * @param uid its effective user id, or -1 if unknown
 * @param gid its effective group id, or -1 if unknown
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
public record Peer(
        long pid, long startTicks, String bootId, long pidNamespace, long uid, long gid) {

    /**
     * The identity of this process.
     *
     * @return this process, as others should know it
     */
    public static Peer current() {
        return Current.SELF;
    }

    /**
     * The identity of a process that runs now.
     *
     * @param pid a process id as this process sees it
     * @return its identity, or empty if there is no such process or it is a zombie
     */
    public static Optional<Peer> of(long pid) {
        return of(pid, -1, -1);
    }

    /**
     * The identity of a process whose user and group the kernel told (SO_PEERCRED,
     * SCM_CREDENTIALS).
     *
     * @param pid a process id as this process sees it
     * @param uid its user id, or -1 to look it up
     * @param gid its group id, or -1 to look it up
     * @return its identity, or empty if there is no such process or it is a zombie
     */
    public static Optional<Peer> of(long pid, long uid, long gid) {
        Stat stat = Stat.read(pid);
        if (stat == null || stat.dead()) {
            return Optional.empty();
        }
        long[] ids = uid >= 0 && gid >= 0 ? new long[] {uid, gid} : ids(pid);
        return Optional.of(
                new Peer(pid, stat.startTicks, Current.BOOT_ID, pidNamespace(pid), ids[0], ids[1]));
    }

    /**
     * A process that has ended, of which the kernel still tells the number, user and group (a
     * connection that it made).
     *
     * @param pid its process id, as this process saw it
     * @param uid its user id
     * @param gid its group id
     * @return an identity that is never alive, whoever has the number now
     */
    public static Peer ended(long pid, long uid, long gid) {
        return new Peer(pid, -1, Current.BOOT_ID, 0, uid, gid);
    }

    /**
     * Whether the process still runs. A zombie does not; another process that was given the same
     * number is another process.
     *
     * @return true if it runs, and always false for one of an earlier boot
     */
    public boolean isAlive() {
        if (!bootId.isEmpty() && !bootId.equals(Current.BOOT_ID)) {
            return false;
        }
        Stat stat = Stat.read(pid);
        return stat != null && !stat.dead() && (startTicks == 0 || stat.startTicks == startTicks);
    }

    @Override
    public String toString() {
        return uid < 0 ? "process " + pid : "process " + pid + " (uid " + uid + ")";
    }

    private static long[] ids(long pid) {
        long uid = -1;
        long gid = -1;
        try {
            for (String line :
                    Files.readAllLines(
                            Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Uid:")) {
                    uid = Long.parseLong(line.split("\\s+")[2]);
                } else if (line.startsWith("Gid:")) {
                    gid = Long.parseLong(line.split("\\s+")[2]);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            return new long[] {uid, gid};
        }
        return new long[] {uid, gid};
    }

    private static long pidNamespace(long pid) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid")).toString();
            return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
        } catch (IOException | RuntimeException unreadable) {
            return 0;
        }
    }

    /** The two fields of /proc/PID/stat that identify a process. */
    private record Stat(char state, long startTicks) {
        boolean dead() {
            return state == 'Z' || state == 'X';
        }

        /** Reads the file, or returns null if there is no such process. */
        static Stat read(long pid) {
            String stat;
            try {
                stat =
                        Files.readString(
                                Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            } catch (IOException gone) {
                return null;
            }
            // The second field, the command in parentheses, may hold spaces and parentheses.
            int afterCommand = stat.lastIndexOf(')') + 2;
            if (afterCommand >= stat.length()) {
                return null;
            }
            String[] fields = stat.substring(afterCommand).split(" ");
            return new Stat(fields[0].charAt(0), Long.parseLong(fields[19]));
        }
    }

    /** What does not change while this process runs. */
    private static final class Current {
        static final String BOOT_ID = bootId();
        static final Peer SELF =
                of(ProcessHandle.current().pid())
                        .orElseGet(() -> new Peer(ProcessHandle.current().pid(), 0, "", 0, -1, -1));

        private static String bootId() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            } catch (IOException unreadable) {
                return "";
            }
        }
    }
}
