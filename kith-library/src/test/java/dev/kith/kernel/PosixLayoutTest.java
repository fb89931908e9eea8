// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The structs and constants of POSIX objects, as the C compiler of this machine has them. */
class PosixLayoutTest {
    private static final Map<String, Long> EXPECTED =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("sizeof(struct mq_attr)", Mqueue.ATTR_BYTES),
                            Map.entry("offsetof(struct mq_attr, mq_maxmsg)", Mqueue.MAXMSG),
                            Map.entry("offsetof(struct mq_attr, mq_msgsize)", Mqueue.MSGSIZE),
                            Map.entry("offsetof(struct mq_attr, mq_curmsgs)", Mqueue.CURMSGS),
                            Map.entry(
                                    "sysconf(_SC_MQ_PRIO_MAX) - 1", (long) Mqueue.HIGHEST_PRIORITY),
                            Map.entry("sizeof(struct sigevent)", 64L),
                            Map.entry("offsetof(struct sigevent, sigev_value)", 0L),
                            Map.entry("offsetof(struct sigevent, sigev_signo)", 8L),
                            Map.entry("offsetof(struct sigevent, sigev_notify)", 12L),
                            Map.entry("SIGEV_THREAD", 2L),
                            Map.entry("AF_NETLINK", (long) SysSocket.AF_NETLINK),
                            Map.entry("SOCK_RAW", (long) SysSocket.SOCK_RAW),
                            Map.entry("SOCK_NONBLOCK", (long) SysSocket.SOCK_NONBLOCK),
                            Map.entry("AF_INET", (long) SysSocket.AF_INET),
                            Map.entry("AF_INET6", (long) SysSocket.AF_INET6),
                            Map.entry("SO_REUSEADDR", (long) SysSocket.SO_REUSEADDR),
                            Map.entry("SO_ERROR", (long) SysSocket.SO_ERROR),
                            Map.entry("SO_SNDBUF", (long) SysSocket.SO_SNDBUF),
                            Map.entry("SO_RCVBUF", (long) SysSocket.SO_RCVBUF),
                            Map.entry("IPPROTO_TCP", (long) NetinetIn.IPPROTO_TCP),
                            Map.entry("IPPROTO_IPV6", (long) NetinetIn.IPPROTO_IPV6),
                            Map.entry("IPV6_V6ONLY", (long) NetinetIn.IPV6_V6ONLY),
                            Map.entry("TCP_NODELAY", (long) NetinetIn.TCP_NODELAY),
                            Map.entry("sizeof(struct sockaddr_in)", (long) NetinetIn.IN_BYTES),
                            Map.entry("sizeof(struct sockaddr_in6)", (long) NetinetIn.IN6_BYTES),
                            Map.entry("offsetof(struct sockaddr_in, sin_port)", NetinetIn.PORT),
                            Map.entry("offsetof(struct sockaddr_in, sin_addr)", NetinetIn.IN_ADDR),
                            Map.entry("offsetof(struct sockaddr_in6, sin6_port)", NetinetIn.PORT),
                            Map.entry(
                                    "offsetof(struct sockaddr_in6, sin6_addr)", NetinetIn.IN6_ADDR),
                            Map.entry(
                                    "offsetof(struct sockaddr_in6, sin6_scope_id)",
                                    NetinetIn.IN6_SCOPE),
                            Map.entry("EINPROGRESS", (long) Errno.EINPROGRESS),
                            Map.entry("EAFNOSUPPORT", (long) Errno.EAFNOSUPPORT),
                            Map.entry("sizeof(sem_t)", PosixSem.BYTES),
                            Map.entry("SEM_VALUE_MAX", (long) PosixSem.SEM_VALUE_MAX),
                            Map.entry("sizeof(struct flock)", Flock.BYTES),
                            Map.entry("offsetof(struct flock, l_whence)", 2L),
                            Map.entry("offsetof(struct flock, l_start)", 8L),
                            Map.entry("offsetof(struct flock, l_len)", 16L),
                            Map.entry("offsetof(struct flock, l_pid)", 24L),
                            Map.entry("F_RDLCK", (long) Fcntl.F_RDLCK),
                            Map.entry("F_WRLCK", (long) Fcntl.F_WRLCK),
                            Map.entry("F_UNLCK", (long) Fcntl.F_UNLCK),
                            Map.entry("F_OFD_GETLK", (long) Fcntl.F_OFD_GETLK),
                            Map.entry("F_OFD_SETLK", (long) Fcntl.F_OFD_SETLK),
                            Map.entry("F_OFD_SETLKW", (long) Fcntl.F_OFD_SETLKW),
                            Map.entry("PROT_READ", (long) SysMman.PROT_READ),
                            Map.entry("PROT_WRITE", (long) SysMman.PROT_WRITE),
                            Map.entry("MAP_SHARED", (long) SysMman.MAP_SHARED),
                            Map.entry("MADV_POPULATE_READ", (long) SysMman.MADV_POPULATE_READ),
                            Map.entry("MADV_POPULATE_WRITE", (long) SysMman.MADV_POPULATE_WRITE),
                            Map.entry("EFAULT", (long) Errno.EFAULT),
                            Map.entry("EROFS", (long) Errno.EROFS)));

    @TempDir Path directory;

    @Test
    void shouldBeThoseOfTheCompiler() throws Exception {
        String prints =
                EXPECTED.keySet().stream()
                        .map(each -> "    printf(\"%ld\\n\", (long) (" + each + "));\n")
                        .collect(Collectors.joining());
        String output =
                CProgram.compile(
                                directory,
                                """
                                #define _GNU_SOURCE
                                #include <errno.h>
                                #include <fcntl.h>
                                #include <limits.h>
                                #include <mqueue.h>
                                #include <netinet/in.h>
                                #include <netinet/tcp.h>
                                #include <semaphore.h>
                                #include <signal.h>
                                #include <stddef.h>
                                #include <stdio.h>
                                #include <sys/mman.h>
                                #include <sys/socket.h>
                                #include <unistd.h>
                                int main() {
                                """
                                        + prints
                                        + "}\n")
                        .run();
        Map<String, Long> found = new TreeMap<>();
        String[] lines = output.split("\n");
        int next = 0;
        for (String each : EXPECTED.keySet()) {
            found.put(each, Long.parseLong(lines[next++]));
        }
        assertThat(found).isEqualTo(EXPECTED);
    }

    @Test
    void shouldReadTheFieldsOfStat() throws Exception {
        String output =
                CProgram.compile(
                                directory,
                                """
                                #include <stdio.h>
                                #include <sys/stat.h>
                                int main(int n, char **args) {
                                    struct stat st;
                                    stat(args[1], &st);
                                    printf("%ld %ld %ld %d %d %d %ld %ld %ld\\n", (long) sizeof st,
                                        (long) st.st_dev, (long) st.st_ino, st.st_mode, st.st_uid, st.st_gid,
                                        (long) st.st_size, (long) st.st_mtim.tv_sec, (long) st.st_mtim.tv_nsec);
                                }
                                """)
                        .run(directory.resolve("program.c"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            assertThat(SysStat.lstat(directory.resolve("program.c").toString(), stat)).isZero();
            String here =
                    "%d %d %d %d %d %d %d %d"
                            .formatted(
                                    Stat.device(stat),
                                    Stat.inode(stat),
                                    Stat.mode(stat),
                                    Stat.uid(stat),
                                    Stat.gid(stat),
                                    Stat.size(stat),
                                    Stat.modifiedSeconds(stat),
                                    Stat.modifiedNanos(stat));
            String[] sizeAndRest = output.split(" ", 2);
            assertThat(Long.parseLong(sizeAndRest[0])).isLessThanOrEqualTo(Stat.BYTES);
            assertThat(here).isEqualTo(sizeAndRest[1]);
        }
    }

    @Test
    void shouldFillInALock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(Flock.BYTES, 8).fill((byte) 7);
            Flock.set(flock, Fcntl.F_WRLCK, 10, 20);
            assertThat(Flock.type(flock)).isEqualTo(Fcntl.F_WRLCK);
            assertThat(flock.get(ValueLayout.JAVA_INT, 24)).isZero();
        }
    }
}
