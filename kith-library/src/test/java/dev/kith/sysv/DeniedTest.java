// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.ChildJvm;
import dev.kith.Denied;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel denies a user without privilege, and how it reads. */
@Timeout(60)
class DeniedTest {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    @Test
    void shouldSayWhoMayWhenTheModeForbids() throws Exception {
        assertThat(asNobody("mode"))
                .containsExactly(
                        "msgrcv(KEY, any): EACCES (Permission denied); its mode does not let this"
                                + " user in: its owner may change that",
                        "msgsnd(KEY, type=1, length=1): EACCES (Permission denied); its mode does"
                                + " not let this user in: its owner may change that",
                        "msgctl(KEY, IPC_STAT): EACCES (Permission denied); its mode does not let"
                                + " this user in: its owner may change that",
                        "semop(KEY, [{0, -1}]): EACCES (Permission denied); its mode does not let"
                                + " this user in: its owner may change that",
                        "shmat(KEY, 0x0, []): EACCES (Permission denied); its mode does not let"
                                + " this user in: its owner may change that",
                        "allowed",
                        "done");
    }

    @Test
    void shouldSayWhoMayRaiseTheCapacity() throws Exception {
        assertThat(asNobody("capacity"))
                .contains(
                        "msgctl(KEY, IPC_SET): EPERM (Operation not permitted); only its owner or"
                                + " its creator may change it, and above /proc/sys/kernel/msgmnb, "
                                + QueueLimits.current().msgmnb()
                                + ", only CAP_SYS_RESOURCE",
                        "done");
    }

    @Test
    void shouldSayWhoMayRemove() throws Exception {
        assumeTrue(ROOT, "an object of another user cannot be made here");
        try (MessageQueue queue = MessageQueue.create(Key.random(), 0666);
                SemaphoreSet set = SemaphoreSet.create(Key.random(), new int[] {1}, 0666);
                SharedMemory memory = SharedMemory.create(Key.random(), 10, 0666)) {
            try {
                assertThat(asNobody("remove", "" + queue.id(), "" + set.id(), "" + memory.id()))
                        .contains(
                                "msgctl(KEY, IPC_RMID): EPERM (Operation not permitted); only its"
                                        + " owner or its creator may remove it",
                                "semctl(KEY, 0, IPC_RMID): EPERM (Operation not permitted); only"
                                        + " its owner or its creator may remove it",
                                "shmctl(KEY, IPC_RMID): EPERM (Operation not permitted); only its"
                                        + " owner or its creator may remove it",
                                "done");
            } finally {
                queue.unlink();
                set.unlink();
                memory.unlink();
            }
        }
    }

    private static List<String> asNobody(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> readable = new ArrayList<>(command);
        readable.addAll(List.of("ls", java));
        readable.addAll(List.of(ChildJvm.classPath().split(File.pathSeparator)));
        Process ls = new ProcessBuilder(readable).redirectErrorStream(true).start();
        ls.getInputStream().readAllBytes();
        assumeTrue(
                ls.waitFor() == 0,
                "a process of another user that can read the classes cannot be made here");
        command.addAll(
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ChildJvm.classPath(),
                        Nobody.class.getName()));
        command.addAll(List.of(arguments));
        Process child =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        return output.lines().toList();
    }

    /** Tries what it may not, and prints what it hears, with KEY for the name of the object. */
    static final class Nobody {
        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "mode" -> mode();
                case "capacity" -> capacity();
                default -> remove(arguments);
            }
            System.out.println("done");
        }

        private static void mode() {
            try (MessageQueue queue = MessageQueue.create(Key.random(), 0);
                    SemaphoreSet set = SemaphoreSet.create(Key.random(), 1);
                    SharedMemory memory = SharedMemory.create(10)) {
                attempt(queue.name(), () -> queue.tryReceive(Types.any()));
                attempt(queue.name(), () -> queue.trySend(1, new byte[1]));
                attempt(queue.name(), queue::stat);
                queue.unlink();
                set.mode(0);
                attempt(set.name(), () -> set.tryAcquire(0));
                set.unlink();
                memory.mode(0400);
                attempt(memory.name(), memory::attach);
                attempt(memory.name(), () -> memory.attach(AttachOption.READ_ONLY));
                memory.unlink();
            }
        }

        private static void capacity() {
            try (MessageQueue queue = MessageQueue.create()) {
                attempt(
                        queue.name(),
                        () -> queue.capacityBytes(QueueLimits.current().msgmnb() + 1));
                queue.unlink();
            }
        }

        private static void remove(String[] ids) {
            MessageQueue queue = MessageQueue.openId(Integer.parseInt(ids[1]));
            attempt(queue.name(), queue::unlink);
            SemaphoreSet set = SemaphoreSet.openId(Integer.parseInt(ids[2]));
            attempt(set.name(), set::unlink);
            SharedMemory memory = SharedMemory.openId(Integer.parseInt(ids[3]));
            attempt(memory.name(), memory::unlink);
        }

        private static void attempt(String name, Runnable call) {
            try {
                call.run();
                System.out.println("allowed");
            } catch (Denied denied) {
                System.out.println(denied.getMessage().replace(name, "KEY"));
            }
        }
    }
}
