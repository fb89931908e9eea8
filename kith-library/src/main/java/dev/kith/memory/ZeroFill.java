// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static dev.kith.kernel.Errno.ENOSPC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reserves room by writing zeros, where nothing better can be had. */
final class ZeroFill {
    private static final int BLOCK_BYTES = 1 << 16;

    private ZeroFill() {}

    static void write(Place place, String path, long sizeBytes) {
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
            write(place, channel, sizeBytes);
        } catch (IOException failed) {
            throw PlainFile.failed("write(" + place + ", zeros)", failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void write(Place place, FileChannel channel, long sizeBytes) throws IOException {
        if (sizeBytes > Room.freeBytes(place)) {
            throw Room.failed("write", place, sizeBytes, ENOSPC);
        }
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, sizeBytes));
        for (long done = 0; done < sizeBytes; ) {
            zeros.clear().limit((int) Math.min(sizeBytes - done, zeros.capacity()));
            done += channel.write(zeros, done);
        }
    }
}
