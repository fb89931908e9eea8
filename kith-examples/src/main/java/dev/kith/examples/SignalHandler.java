// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.posix.Signals;
import java.util.concurrent.CountDownLatch;

/** Prints the signals that it gets, until TERM: kill -USR1 PID, kill PID. */
public final class SignalHandler {
    private SignalHandler() {}

    public static void main(String[] arguments) throws Exception {
        var ended = new CountDownLatch(1);
        Signals.on("USR1", name -> System.out.println("signal " + name));
        Signals.on(
                "TERM",
                name -> {
                    System.out.println("signal " + name);
                    ended.countDown();
                });
        System.out.println("kill -USR1 " + ProcessHandle.current().pid());
        ended.await();
    }
}
