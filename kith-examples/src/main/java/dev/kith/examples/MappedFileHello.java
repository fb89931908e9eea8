// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.IpcException;
import dev.kith.posix.MappedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** A file as memory: what is written there is in the file, which grows only when it is told to. */
public final class MappedFileHello {
    private MappedFileHello() {}

    public static void main(String[] arguments) throws Exception {
        var path = Files.createTempFile("kith-example", ".txt");
        Files.writeString(path, "Hello World!");
        byte[] again = "Hello Again!".getBytes(StandardCharsets.UTF_8);
        try (var file = MappedFile.open(path)) {
            try {
                file.write(4, again);
            } catch (IpcException | IllegalArgumentException refused) {
                System.out.println(refused.getMessage().replace(path.toString(), "data.txt"));
            }
            file.grow(16);
            file.write(4, again);
            System.out.println(Files.readString(path));
            file.unlink();
        }
    }
}
