// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The structs and constants of System V objects, as the C compiler of this machine has them. */
class SysvLayoutTest {
    private static final Map<String, Long> EXPECTED =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.uid)", SysIpc.IPC_PERM_UID),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.gid)", SysIpc.IPC_PERM_GID),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.cuid)",
                                    SysIpc.IPC_PERM_CUID),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.cgid)",
                                    SysIpc.IPC_PERM_CGID),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.mode)",
                                    SysIpc.IPC_PERM_MODE),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_perm.__key)",
                                    SysIpc.IPC_PERM_KEY),
                            Map.entry("sizeof(struct msqid_ds)", SysMsg.MSQID_DS_BYTES),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_stime)", SysMsg.MSQID_DS_STIME),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_rtime)", SysMsg.MSQID_DS_RTIME),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_ctime)", SysMsg.MSQID_DS_CTIME),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_cbytes)",
                                    SysMsg.MSQID_DS_CBYTES),
                            Map.entry("offsetof(struct msqid_ds, msg_qnum)", SysMsg.MSQID_DS_QNUM),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_qbytes)",
                                    SysMsg.MSQID_DS_QBYTES),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_lspid)", SysMsg.MSQID_DS_LSPID),
                            Map.entry(
                                    "offsetof(struct msqid_ds, msg_lrpid)", SysMsg.MSQID_DS_LRPID),
                            Map.entry("sizeof(struct semid_ds)", SysSem.SEMID_DS_BYTES),
                            Map.entry(
                                    "offsetof(struct semid_ds, sem_otime)", SysSem.SEMID_DS_OTIME),
                            Map.entry(
                                    "offsetof(struct semid_ds, sem_ctime)", SysSem.SEMID_DS_CTIME),
                            Map.entry(
                                    "offsetof(struct semid_ds, sem_nsems)", SysSem.SEMID_DS_NSEMS),
                            Map.entry("sizeof(struct sembuf)", SysSem.SEMBUF_BYTES),
                            Map.entry("sizeof(struct shmid_ds)", SysShm.SHMID_DS_BYTES),
                            Map.entry(
                                    "offsetof(struct shmid_ds, shm_segsz)", SysShm.SHMID_DS_SEGSZ),
                            Map.entry(
                                    "offsetof(struct shmid_ds, shm_atime)", SysShm.SHMID_DS_ATIME),
                            Map.entry(
                                    "offsetof(struct shmid_ds, shm_dtime)", SysShm.SHMID_DS_DTIME),
                            Map.entry(
                                    "offsetof(struct shmid_ds, shm_ctime)", SysShm.SHMID_DS_CTIME),
                            Map.entry("offsetof(struct shmid_ds, shm_cpid)", SysShm.SHMID_DS_CPID),
                            Map.entry("offsetof(struct shmid_ds, shm_lpid)", SysShm.SHMID_DS_LPID),
                            Map.entry(
                                    "offsetof(struct shmid_ds, shm_nattch)",
                                    SysShm.SHMID_DS_NATTCH),
                            Map.entry("MSG_NOERROR", (long) SysMsg.MSG_NOERROR),
                            Map.entry("MSG_EXCEPT", (long) SysMsg.MSG_EXCEPT),
                            Map.entry("MSG_COPY", (long) SysMsg.MSG_COPY),
                            Map.entry("SEM_UNDO", (long) SysSem.SEM_UNDO),
                            Map.entry("GETPID", (long) SysSem.GETPID),
                            Map.entry("GETVAL", (long) SysSem.GETVAL),
                            Map.entry("GETALL", (long) SysSem.GETALL),
                            Map.entry("GETNCNT", (long) SysSem.GETNCNT),
                            Map.entry("GETZCNT", (long) SysSem.GETZCNT),
                            Map.entry("SETVAL", (long) SysSem.SETVAL),
                            Map.entry("SETALL", (long) SysSem.SETALL),
                            Map.entry("SHM_RDONLY", (long) SysShm.SHM_RDONLY),
                            Map.entry("SHM_RND", (long) SysShm.SHM_RND),
                            Map.entry("SHM_EXEC", (long) SysShm.SHM_EXEC),
                            Map.entry("SHM_HUGETLB", (long) SysShm.SHM_HUGETLB),
                            Map.entry("SHM_NORESERVE", (long) SysShm.SHM_NORESERVE),
                            Map.entry("SHM_DEST", (long) SysShm.SHM_DEST),
                            Map.entry("IPC_CREAT", (long) SysIpc.IPC_CREAT),
                            Map.entry("IPC_EXCL", (long) SysIpc.IPC_EXCL),
                            Map.entry("IPC_NOWAIT", (long) SysIpc.IPC_NOWAIT),
                            Map.entry("IPC_PRIVATE", (long) SysIpc.IPC_PRIVATE),
                            Map.entry("IPC_RMID", (long) SysIpc.IPC_RMID),
                            Map.entry("IPC_SET", (long) SysIpc.IPC_SET),
                            Map.entry("IPC_STAT", (long) SysIpc.IPC_STAT)));

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
                                #include <stddef.h>
                                #include <stdio.h>
                                #include <sys/ipc.h>
                                #include <sys/msg.h>
                                #include <sys/sem.h>
                                #include <sys/shm.h>
                                #ifndef MSG_COPY
                                #define MSG_COPY 040000
                                #endif
                                #define msg_cbytes __msg_cbytes
                                int main(void) {
                                """
                                        + prints
                                        + "    return 0;\n}\n")
                        .run();
        Map<String, Long> found = new TreeMap<>();
        var lines = output.lines().iterator();
        EXPECTED.keySet().forEach(each -> found.put(each, Long.parseLong(lines.next())));
        assertThat(found).isEqualTo(EXPECTED);
    }
}
