// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.Peer;
import dev.kith.linux.PidFd;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import dev.kith.process.Worker;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Who is there: the kernel tells the process on the other side, and notices its end. */
public final class Credentials {
    private Credentials() {}

    public static void main(String[] arguments) throws Exception {
        String name = "@kith-who-" + ProcessHandle.current().pid();
        try (UnixListener listener = UnixListener.bind(name);
                Worker child =
                        Worker.start(() -> {
                            try (UnixSocket parent = UnixSocket.connect(name)) {
                                // Says nothing, and stays until it is killed.
                                parent.read(Arena.ofAuto().allocate(1));
                            }
                        });
                UnixSocket socket = listener.accept();
                PidFd process = socket.peerPidFd()) {
            Peer peer = socket.peer().orElseThrow();
            String program =
                    ProcessHandle.of(peer.pid()).flatMap(known -> known.info().command()).get();
            System.out.println("pid:  " + (peer.pid() == child.pid() ? "my child's" : peer.pid()));
            System.out.println(
                    "user: " + (peer.uid() == Peer.current().uid() ? "mine" : peer.uid()));
            System.out.println("name: " + Path.of(program).getFileName());
            System.out.println("runs: " + process.isAlive());
            child.kill();
            process.join();
            System.out.println("runs: " + process.isAlive());
        }
    }
}
