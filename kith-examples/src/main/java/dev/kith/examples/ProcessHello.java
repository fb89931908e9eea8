// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.TaskFailed;
import dev.kith.process.Worker;

/** A child JVM computes a value; another task of it fails, and the exception comes back. */
public final class ProcessHello {
    private ProcessHello() {}

    public static void main(String[] arguments) throws Exception {
        long parent = ProcessHandle.current().pid();
        try (var child = Worker.start()) {
            System.out.println("6 * 7 = " + child.run(() -> 6 * 7));
            boolean other = child.run(() -> ProcessHandle.current().pid() != parent);
            System.out.println("in another process: " + other);
            try {
                child.run(() -> Integer.parseInt("forty-two"));
            } catch (TaskFailed failed) {
                System.out.println(failed.getCause());
            }
        }
    }
}
