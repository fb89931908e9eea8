// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The links in /proc/PID/fd of every process: what each has open. Without privilege only those of
 * this user's can be read.
 */
final class ProcessLinks {
    private ProcessLinks() {}

    /** Gets each link. */
    interface Reader {
        /** A descriptor of a process; what cannot be read is closed by now. */
        void read(long pid, Path link) throws IOException;
    }

    /** Shows the links of all processes. */
    static void forEach(Reader reader) {
        ProcessHandle.allProcesses().forEach(process -> of(process.pid(), reader));
    }

    private static void of(long pid, Reader reader) {
        try (DirectoryStream<Path> links =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path link : links) {
                try {
                    reader.read(pid, link);
                } catch (IOException closed) {
                    // by now it is not used
                }
            }
        } catch (IOException | DirectoryIteratorException goneOrDenied) {
            // what could be read until then
        }
    }
}
