// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.List;

/**
 * What messages go through: made by one process, opened by the others, removed when the one that
 * made it ends.
 */
interface Lanes {
    /** What another process needs to know to open it. */
    List<String> names();

    /** A place to send, on one of the lanes. */
    Outlet outlet(int lane);

    /** A place to receive, on one of the lanes. */
    Inlet inlet(int lane, Tally tally);

    /** Waits until all senders and receivers know of each other. */
    default void connect(int senders) throws InterruptedException {}

    /** What has to be done now and then, also by who neither sends nor receives. */
    default void duty() {}

    /** Makes so many lanes. */
    static Lanes lay(Course course, int lanes) throws IOException {
        return switch (course.library()) {
            case KITH -> KithLanes.lay(course, lanes);
            case AGRONA -> AgronaLanes.lay(course, lanes);
            case AERON -> AeronLanes.lay(course);
        };
    }

    /** Opens what another process has made. */
    static Lanes open(Course course, List<String> names) throws IOException {
        return switch (course.library()) {
            case KITH -> new KithLanes(course, names);
            case AGRONA -> new AgronaLanes(course, names);
            case AERON -> AeronLanes.open(course, names);
        };
    }
}
