// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import dev.kith.linux.TcpListener;
import dev.kith.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP connections that a task for a child captures. */
@Timeout(60)
class TcpHandoverTest {
    @Test
    void shouldHandAnAcceptedConnectionOverToAChild() throws Exception {
        try (Listener<String> listener = Listener.open("tcp://127.0.0.1:0", Codec.utf8());
                Channel<String> client = Channel.open(listener.address().toString(), Codec.utf8());
                Worker child = Worker.start()) {
            Channel<String> theirs = listener.accept();
            client.send("to the child");
            String from =
                    child.run(() -> {
                        theirs.send("got " + theirs.receive());
                        return theirs.remote().orElseThrow().toString();
                    });
            assertThat(client.receive()).isEqualTo("got to the child");
            assertThat(from).isEqualTo(theirs.remote().orElseThrow().toString());
            assertThatThrownBy(() -> theirs.send("again")).isInstanceOf(Closed.class);
            child.kill();
            assertThatThrownBy(client::receive).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldShareASocketThatIsKept() throws Exception {
        try (TcpListener listener = TcpListener.bind(new InetSocketAddress("127.0.0.1", 0));
                TcpSocket socket = TcpSocket.connect(listener.localAddress()).keep();
                TcpSocket server = listener.accept();
                Arena arena = Arena.ofConfined();
                Worker child = Worker.start()) {
            child.run(() -> {
                try (Arena theirs = Arena.ofConfined()) {
                    socket.write(theirs.allocateFrom("child"));
                }
            });
            MemorySegment buffer = arena.allocate(100);
            assertThat(server.read(buffer)).isEqualTo(6);
            assertThat(buffer.getString(0)).isEqualTo("child");
            assertThat(socket.write(arena.allocateFrom("parent"))).isEqualTo(7);
            assertThat(server.read(buffer)).isEqualTo(7);
        }
    }
}
