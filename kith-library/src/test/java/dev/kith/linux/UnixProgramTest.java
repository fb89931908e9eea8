// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import dev.kith.HasFd;
import dev.kith.posix.Pipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors and credentials in both directions with a C program, over sockets of every type. */
@Timeout(60)
class UnixProgramTest {
    /**
     * Connects and says hello with its pid as credentials; gets a descriptor and the credentials of
     * who sent it; writes into the descriptor; passes back the reading end of a pipe of its own.
     */
    private static final String C =
            """
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            #include <unistd.h>

            static void check(int failed, const char *what) {
                if (failed) { perror(what); exit(1); }
            }

            int main(int argc, char **argv) {
                int type = atoi(argv[1]), on = 1;
                int s = socket(AF_UNIX, type, 0);
                struct sockaddr_un me = { AF_UNIX }, other = { AF_UNIX };
                strcpy(other.sun_path, argv[2]);
                if (type == SOCK_DGRAM) {
                    strcpy(me.sun_path, argv[3]);
                    check(bind(s, (struct sockaddr *) &me, sizeof me), "bind");
                }
                check(setsockopt(s, SOL_SOCKET, SO_PASSCRED, &on, sizeof on), "SO_PASSCRED");
                check(connect(s, (struct sockaddr *) &other, sizeof other), "connect");
                check(send(s, "hello", 5, 0) != 5, "send");

                char text[100];
                union {
                    char buf[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
                    struct cmsghdr align;
                } u;
                struct iovec iov = { text, sizeof text };
                struct msghdr m = { 0, 0, &iov, 1, u.buf, sizeof u.buf };
                ssize_t n = recvmsg(s, &m, 0);
                check(n < 0, "recvmsg");
                int got = -1;
                struct ucred who = { 0, 0, 0 };
                for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
                    if (c->cmsg_type == SCM_RIGHTS) memcpy(&got, CMSG_DATA(c), sizeof got);
                    if (c->cmsg_type == SCM_CREDENTIALS) memcpy(&who, CMSG_DATA(c), sizeof who);
                }
                printf("%.*s from %d of user %d\\n", (int) n, text, who.pid, who.uid);
                fflush(stdout);
                check(write(got, "into your pipe", 14) != 14, "write");
                close(got);

                int fds[2];
                check(pipe(fds), "pipe");
                struct iovec back = { "a pipe", 6 };
                struct msghdr answer = { 0, 0, &back, 1, u.buf, CMSG_SPACE(sizeof(int)) };
                struct cmsghdr *c = CMSG_FIRSTHDR(&answer);
                c->cmsg_level = SOL_SOCKET;
                c->cmsg_type = SCM_RIGHTS;
                c->cmsg_len = CMSG_LEN(sizeof(int));
                memcpy(CMSG_DATA(c), &fds[0], sizeof(int));
                check(sendmsg(s, &answer, 0) != 6, "sendmsg");
                close(fds[0]);
                check(write(fds[1], "from my pipe", 12) != 12, "write");
                getchar();
                return 0;
            }
            """;

    @TempDir Path directory;

    private CProgram program;
    private String name;

    @BeforeEach
    void compile() throws Exception {
        program = CProgram.compile(directory, C);
        name = directory.resolve("socket").toString();
    }

    /** What both kinds of handles do, each in its way. */
    private interface Ends {
        UnixMessage receive(MemorySegment buffer) throws InterruptedException;

        void send(MemorySegment bytes, HasFd handle) throws InterruptedException;
    }

    @Test
    void shouldPassDescriptorsAndCredentialsOverConnections() throws Exception {
        for (SocketType type : SocketType.values()) {
            try (UnixListener listener = UnixListener.bind(type, name, 0600)) {
                Process c = program.start(type.number, name);
                try (UnixSocket socket = listener.accept()) {
                    socket.options().passCredentials(true);
                    converse(
                            c,
                            new Ends() {
                                @Override
                                public UnixMessage receive(MemorySegment buffer)
                                        throws InterruptedException {
                                    return socket.receive(buffer);
                                }

                                @Override
                                public void send(MemorySegment bytes, HasFd handle)
                                        throws InterruptedException {
                                    socket.write(bytes, handle);
                                }
                            });
                    assertThat(socket.peer().orElseThrow().pid()).isEqualTo(c.pid());
                    c.destroyForcibly().waitFor();
                    assertThat(socket.read(Arena.ofAuto().allocate(1))).isZero();
                }
            }
        }
    }

    @Test
    void shouldPassDescriptorsAndCredentialsInDatagrams() throws Exception {
        String theirs = directory.resolve("theirs").toString();
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(name)) {
            socket.options().passCredentials(true);
            Process c = program.start(2, name, theirs);
            converse(
                    c,
                    new Ends() {
                        @Override
                        public UnixMessage receive(MemorySegment buffer)
                                throws InterruptedException {
                            return socket.receive(buffer);
                        }

                        @Override
                        public void send(MemorySegment bytes, HasFd handle)
                                throws InterruptedException {
                            socket.sendTo(theirs, bytes, handle);
                        }
                    });
            c.destroyForcibly().waitFor();
        }
        UnixListener.unlink(theirs);
    }

    private static void converse(Process c, Ends ends) throws Exception {
        MemorySegment buffer = Arena.ofAuto().allocate(100);
        try (Pipe pipe = Pipe.open()) {
            try (UnixMessage hello = ends.receive(buffer)) {
                assertThat(string(buffer, hello.length())).isEqualTo("hello");
                // The program has SO_PASSCRED set itself, so that its first message says it, too.
                assertThat(hello.peer().orElseThrow().pid()).isEqualTo(c.pid());
            }
            ends.send(
                    Arena.ofAuto()
                            .allocateFrom(
                                    ValueLayout.JAVA_BYTE, "a pipe from Java".getBytes(UTF_8)),
                    pipe.writer());
            String user = System.getProperty("user.name").equals("root") ? "0" : "\\d+";
            assertThat(c.inputReader().readLine())
                    .matches(
                            "a pipe from Java from "
                                    + ProcessHandle.current().pid()
                                    + " of user "
                                    + user);
            assertThat(pipe.reader().read(buffer)).isEqualTo(14);
            assertThat(string(buffer, 14)).isEqualTo("into your pipe");
            try (UnixMessage answer = ends.receive(buffer)) {
                assertThat(string(buffer, answer.length())).isEqualTo("a pipe");
                assertThat(answer.peer().orElseThrow().pid()).isEqualTo(c.pid());
                List<Fd> got = answer.descriptors();
                assertThat(got).hasSize(1);
                assertThat(got.getFirst().read(buffer)).isEqualTo(12);
                assertThat(string(buffer, 12)).isEqualTo("from my pipe");
            }
        }
    }

    private static String string(MemorySegment buffer, int length) {
        return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }
}
