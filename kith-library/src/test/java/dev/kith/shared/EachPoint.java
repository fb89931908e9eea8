// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.util.List;

/** Lets a child JVM die at every store of what it does. */
final class EachPoint {
    private static final int KILLED = 128 + 9;

    private EachPoint() {}

    /** What is done before a child starts, and after it has died. */
    interface Step {
        void at(int point) throws Exception;
    }

    /** What a child is asked to do. */
    interface Arguments {
        String[] at(int point);
    }

    /** Runs children until one ends by itself; how many stores there were. */
    static int die(Class<?> main, Step before, Arguments arguments, Step after) throws Exception {
        for (int point = 1; ; point++) {
            before.at(point);
            int status;
            try (ChildJvm child =
                    ChildJvm.start(
                            List.of(),
                            List.of(
                                    "-Dkith.kill.point=" + point,
                                    "--enable-native-access=ALL-UNNAMED"),
                            main,
                            arguments.at(point))) {
                status = child.waitFor();
            }
            assertThat(status).as("point %d", point).isIn(KILLED, 0);
            after.at(point);
            if (status == 0) {
                return point - 1;
            }
        }
    }
}
