// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import dev.kith.linux.Fd;
import dev.kith.process.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An open file goes to another process, which reads on from where the first one stopped. */
public final class FdPassing {
    private FdPassing() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Files.createTempFile("kith", ".txt");
        Files.writeString(file, "one line\ntwo line\n");
        String name = "unix:@kith-fd-" + ProcessHandle.current().pid();
        try (Listener<Fd> listener = Listener.open(name, Codec.objects());
                Worker child = Worker.start()) {
            var rest =
                    child.async(() -> {
                        try (Channel<Fd> parent = Channel.open(name, Codec.objects());
                                Fd text = parent.receive()) {
                            return line(text);
                        }
                    });
            try (Channel<Fd> peer = listener.accept();
                    Fd text = Fd.open(file)) {
                System.out.print("parent: " + line(text));
                // The name goes; the open file stays as long as somebody has it open.
                Files.delete(file);
                peer.send(text);
            }
            System.out.print("child:  " + rest.get());
        }
    }

    private static String line(Fd text) throws IOException {
        return new String(text.inputStream().readNBytes(9), StandardCharsets.US_ASCII);
    }
}
