// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** A child JVM as the operating system sees it: a process and two control pipes. */
sealed interface ChildJvm permits SpawnedJvm, FifoJvm {
    /** The process id. */
    int pid();

    /** What the child writes; at its end when the child has ended. */
    InputStream in();

    /** Where the child reads. */
    OutputStream out();

    /** Sends descriptors, which the next frame announces. */
    void pass(List<Integer> descriptors);

    /** The child has opened its ends. */
    void connected() throws IOException;

    /** Asks the process to end: SIGTERM. Does nothing when it has ended. */
    void terminate();

    /** Ends the process and its process group, if it has one of its own: SIGKILL. */
    void kill();

    /**
     * Waits until the process has ended and takes its status; to be called once. What it had
     * written can still be read.
     */
    ExitStatus await();

    /** Lets go of the pipes. */
    void close();
}
