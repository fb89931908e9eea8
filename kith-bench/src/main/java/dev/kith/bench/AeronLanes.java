// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AgentInvoker;

/**
 * Aeron's IPC. The media driver is run by the process that made the lanes, as part of its waiting:
 * on two processors a thread for it would take one from those who send and receive.
 */
final class AeronLanes implements Lanes {
    /** Does not start without them; the last one is for speed. */
    static final List<String> FLAGS =
            List.of(
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dagrona.disable.bounds.checks=true");

    private static final String CHANNEL = "aeron:ipc";

    /**
     * The largest that there is, but not for a small buffer: a longer message goes in fragments. A
     * multiple of 32.
     */
    private static final int MTU = 65504;

    private final Course course;
    private final String folder;
    private final AgentInvoker driver;
    private final Aeron aeron;
    private final List<Publication> publications = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    private AeronLanes(Course course, String folder, AgentInvoker driver) {
        this.course = course;
        this.folder = folder;
        this.driver = driver;
        Aeron.Context context =
                new Aeron.Context().aeronDirectoryName(folder).useConductorAgentInvoker(true);
        if (driver != null) {
            context.driverAgentInvoker(driver);
        }
        this.aeron = Aeron.connect(context);
    }

    static AeronLanes lay(Course course) throws IOException {
        String folder =
                Files.createTempDirectory(Path.of("/dev/shm"), "kith-bench-aeron-").toString();
        MediaDriver driver =
                MediaDriver.launch(
                        new MediaDriver.Context()
                                .aeronDirectoryName(folder)
                                .dirDeleteOnStart(true)
                                .dirDeleteOnShutdown(true)
                                .threadingMode(ThreadingMode.INVOKER)
                                .ipcTermBufferLength(course.capacity())
                                .ipcMtuLength(Math.min(MTU, course.capacity() / 8))
                                .termBufferSparseFile(false)
                                .spiesSimulateConnection(false));
        Runtime.getRuntime().addShutdownHook(new Thread(driver::close));
        return new AeronLanes(course, folder, driver.sharedAgentInvoker());
    }

    static AeronLanes open(Course course, List<String> names) {
        return new AeronLanes(course, names.getFirst(), null);
    }

    @Override
    public List<String> names() {
        return List.of(folder);
    }

    @Override
    public Outlet outlet(int lane) {
        Publication publication =
                course.how() == Course.How.SHARED_CLAIM
                        ? aeron.addPublication(CHANNEL, stream(lane))
                        : aeron.addExclusivePublication(CHANNEL, stream(lane));
        publications.add(publication);
        boolean offers = course.how() == Course.How.OFFER;
        return new AeronOutlet(publication, offers, Idling.of(course.idle()), this);
    }

    @Override
    public Inlet inlet(int lane, Tally tally) {
        Subscription subscription = aeron.addSubscription(CHANNEL, stream(lane));
        subscriptions.add(subscription);
        return new AeronInlet(subscription, course, this, tally);
    }

    @Override
    public void connect(int senders) throws InterruptedException {
        int images = course.how() == Course.How.SHARED_CLAIM ? 1 : senders;
        while (!publications.stream().allMatch(Publication::isConnected)
                || !subscriptions.stream().allMatch(each -> each.imageCount() == images)) {
            duty();
            Thread.sleep(1);
        }
    }

    @Override
    public void duty() {
        if (driver != null) {
            driver.invoke();
        }
        aeron.conductorAgentInvoker().invoke();
    }

    private static int stream(int lane) {
        return 1 + lane;
    }
}
