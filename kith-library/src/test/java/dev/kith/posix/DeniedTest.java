// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel denies another user, and how it reads. */
@Timeout(60)
class DeniedTest {
    private static final String ONLY_OWNER = "only its owner may remove it";

    @BeforeEach
    void makeObjectsOfAnotherUser() {
        dev.kith.Nobody.assumePossible();
    }

    @Test
    void shouldSayWhoMayOpenAndRemove() throws Exception {
        try (MessageQueue queue = MessageQueue.create(2, 16);
                Semaphore semaphore = Semaphore.create(queue.name(), 1);
                SharedMemory memory = SharedMemory.create(queue.name(), 10)) {
            String name = queue.name();
            List<String> said = asNobody("open", name);
            queue.unlink();
            semaphore.unlink();
            memory.unlink();
            assertThat(said)
                    .containsExactly(
                            denied("mq_open", name, ", O_RDWR", seeOwner("mq", name)),
                            denied("mq_unlink", name, "", ONLY_OWNER),
                            denied("sem_open", name, "", seeOwner("psem", name)),
                            denied("sem_unlink", name, "", ONLY_OWNER),
                            denied("shm_open", name, ", O_RDWR", seeOwner("shm", name)),
                            denied("shm_unlink", name, "", ONLY_OWNER));
        }
    }

    @Test
    void shouldOpenAQueueForWhatItsModeAllows() throws Exception {
        String name = "/kith-" + ProcessHandle.current().pid() + "-send";
        try (MessageQueue queue = MessageQueue.create(name, 2, 16, 0622)) {
            List<String> said = asNobody("send", name);
            queue.unlink();
            assertThat(said).containsExactly("sent", "mode 622, depth 1");
            assertThat(queue.receive().value()).isEqualTo(MessageQueueTest.bytes("by nobody"));
        }
    }

    @Test
    void shouldSayHowManyBytesTheQueuesOfAUserMayTake() throws Exception {
        List<String> said = asNobody("bytes", "/kith-" + ProcessHandle.current().pid() + "-bytes");
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("IpcException mq_open(\"/kith-")
                .contains("EMFILE (Too many open files); the queues of one user may take a limited")
                .contains("(ulimit -q)");
    }

    @Test
    void shouldLockSharedAFileThatMayOnlyBeRead(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(asNobody("lock", file.toString()))
                .containsExactly(
                        "shared true",
                        "IpcException fcntl("
                                + file
                                + ", F_OFD_SETLK, F_WRLCK): EBADF (Bad file descriptor); this user"
                                + " may only read the file: lock it shared, or change its mode",
                        ("Denied open(\"%s\", O_RDWR): EACCES (Permission denied); the permissions"
                             + " of the file or of a folder do not let you in: see ls -l")
                                .formatted(file));
    }

    private static String denied(String call, String name, String rest, String advice) {
        return "Denied %s(\"%s\"%s): EACCES (Permission denied); %s"
                .formatted(call, name, rest, advice);
    }

    private static String seeOwner(String kind, String name) {
        return "see its owner and mode with: kith info " + kind + ":" + name;
    }

    private static List<String> asNobody(String... arguments) throws Exception {
        return dev.kith.Nobody.run(Nobody.class, arguments);
    }

    /** The JVM of another user. */
    static final class Nobody {
        private Nobody() {}

        public static void main(String[] args) throws Exception {
            String name = args[1];
            switch (args[0]) {
                case "open" -> {
                    say(() -> MessageQueue.open(name));
                    say(() -> MessageQueue.unlink(name));
                    say(() -> Semaphore.open(name));
                    say(() -> Semaphore.unlink(name));
                    say(() -> SharedMemory.open(name));
                    say(() -> SharedMemory.unlink(name));
                }
                case "send" -> {
                    try (MessageQueue queue = MessageQueue.open(name, MessageQueue.Access.SEND)) {
                        queue.send(MessageQueueTest.bytes("by nobody"), 0);
                        System.out.println("sent");
                    }
                    for (var inventory : ServiceLoader.load(Inventory.class)) {
                        inventory.info("mq:" + name).ifPresent(Nobody::print);
                    }
                }
                case "bytes" -> {
                    List<MessageQueue> queues = new ArrayList<>();
                    say(() -> {
                        while (queues.size() < 100) {
                            queues.add(MessageQueue.create(name + queues.size(), 10, 8192));
                        }
                    });
                    queues.forEach(MessageQueue::unlink);
                }
                default -> {
                    try (FileLock lock = FileLock.open(Path.of(name))) {
                        System.out.println("shared " + lock.tryLockShared());
                        lock.unlock();
                        say(lock::tryLock);
                    }
                    say(() -> MappedFile.open(Path.of(name)));
                }
            }
        }

        private static void print(IpcObject object) {
            System.out.println(
                    "mode " + Integer.toOctalString(object.mode()) + ", depth " + object.depth());
        }

        private static void say(Runnable call) {
            try {
                call.run();
                System.out.println("allowed");
            } catch (IpcException denied) {
                System.out.println(denied.getClass().getSimpleName() + " " + denied.getMessage());
            }
        }
    }
}
