// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.kernel.NativeAccess;
import dev.kith.kernel.SysPrctl;
import java.util.concurrent.locks.LockSupport;

/**
 * The second line of defence against outliving the parent: the kernel kills this process when the
 * parent ends, even if no Java thread of it can run any more to see the end of the control stream.
 *
 * <p>Set late, because the first foreign-function call of a JVM costs 35 ms; a child that ends soon
 * never makes it. The setting belongs to the thread that made it, which therefore stays. The signal
 * comes when the <em>thread</em> ends that started the child: in the parent that is one which lives
 * as long as the process.
 */
final class ParentWatch implements Runnable {
    private static final long AFTER_MILLIS = 3000;
    private static final int SIGKILL = 9;

    private ParentWatch() {}

    static void start() {
        Thread thread = new Thread(new ParentWatch(), "kith-parent-watch");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    @Override
    public void run() {
        try {
            Thread.sleep(AFTER_MILLIS);
        } catch (InterruptedException nobodyDoes) {
            return;
        }
        if (NativeAccess.granted()) {
            SysPrctl.prctl(SysPrctl.PR_SET_PDEATHSIG, SIGKILL);
            for (; ; ) {
                LockSupport.park(this);
            }
        }
    }
}
