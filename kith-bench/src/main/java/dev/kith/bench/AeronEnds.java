// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron's IPC, both sides spinning: exclusive publications, messages claimed and written in place,
 * the media driver run by the process that measures, as part of its waiting.
 */
final class AeronEnds implements Ends {
    /** Does not start without them. */
    static final java.util.List<String> FLAGS =
            java.util.List.of(
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dagrona.disable.bounds.checks=true");

    private static final long serialVersionUID = 1L;
    private static final int FORTH = 1;
    private static final int BACK = 2;

    /** How often it looks for a message before it lets the driver and the client do their duty. */
    private static final int LOOKS = 256;

    private final transient AgentInvoker driver;
    private final transient AgentInvoker client;
    private final transient Subscription in;
    private final transient ExclusivePublication out;
    private final transient BufferClaim claim = new BufferClaim();
    private final transient UnsafeBuffer message;
    private final transient FragmentHandler handler = this::take;
    private long taken;

    private AeronEnds(MediaDriver driver, Aeron aeron, int in, int out, int bytes) {
        this.driver = driver == null ? null : driver.sharedAgentInvoker();
        this.client = aeron.conductorAgentInvoker();
        this.in = aeron.addSubscription("aeron:ipc", in);
        this.out = aeron.addExclusivePublication("aeron:ipc", out);
        this.message = new UnsafeBuffer(new byte[bytes]);
    }

    /** A folder for the driver; removed when this process ends. */
    static String lay() throws java.io.IOException {
        return Files.createTempDirectory(Path.of("/dev/shm"), "kith-bench-aeron-").toString();
    }

    /** The ends of the process that measures, which runs the driver. */
    static AeronEnds ping(String folder, int bytes) {
        MediaDriver driver =
                MediaDriver.launch(
                        new MediaDriver.Context()
                                .aeronDirectoryName(folder)
                                .dirDeleteOnStart(true)
                                .dirDeleteOnShutdown(true)
                                .threadingMode(ThreadingMode.INVOKER)
                                .ipcTermBufferLength(16 * 1024 * 1024)
                                .termBufferSparseFile(false)
                                .spiesSimulateConnection(false));
        Runtime.getRuntime().addShutdownHook(new Thread(driver::close));
        Aeron aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(folder)
                                .useConductorAgentInvoker(true)
                                .driverAgentInvoker(driver.sharedAgentInvoker()));
        return new AeronEnds(driver, aeron, BACK, FORTH, bytes);
    }

    /** The ends of the other process. */
    static AeronEnds pong(String folder, int bytes) {
        Aeron aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(folder)
                                .useConductorAgentInvoker(true));
        return new AeronEnds(null, aeron, FORTH, BACK, bytes);
    }

    @Override
    public void put(long stamp) {
        message.putLong(0, stamp);
        int bytes = message.capacity();
        while (out.tryClaim(bytes, claim) < 0) {
            duty();
        }
        claim.buffer().putBytes(claim.offset(), message, 0, bytes);
        claim.commit();
    }

    @Override
    public long take() {
        for (int look = 1; in.poll(handler, 1) == 0; look++) {
            if (look % LOOKS == 0) {
                duty();
            }
        }
        return taken;
    }

    /** What driver and client have to do besides. */
    void duty() {
        if (driver != null) {
            driver.invoke();
        }
        client.invoke();
    }

    private void take(DirectBuffer buffer, int index, int length, Header header) {
        if (length != message.capacity()) {
            throw new IllegalStateException(
                    "length=" + length + ", expected=" + message.capacity());
        }
        message.putBytes(0, buffer, index, length);
        taken = message.getLong(0);
    }
}
