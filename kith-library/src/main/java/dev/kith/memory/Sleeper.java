// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Waitable;
import dev.kith.kernel.Errno;
import dev.kith.kernel.LinuxFutex;
import dev.kith.kernel.Timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A daemon thread that sleeps at many places at once (futex_waitv(2)) on behalf of those who wait
 * for something else too, and tells them. It serves the whole process; for every 127 places there
 * is one more. Where the kernel has no such call, or may not be called, it looks every now and
 * then.
 */
final class Sleeper implements Runnable {
    private static final int MOST = LinuxFutex.FUTEX_WAITV_MAX - 1;
    private static final List<Sleeper> ALL = new ArrayList<>();
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    /** Added to in order to wake the thread, which sleeps at it too; guarded by this. */
    private final MemorySegment changes;

    private final List<Request> requests = new ArrayList<>();
    private final Thread thread;

    private record Request(Parking parking, BooleanSupplier ready, Runnable wake) {
        boolean isReady() {
            try {
                return parking.region().isClosed() || !parking.isThere() || ready.getAsBoolean();
            } catch (RuntimeException | InternalError saysSoWhenUsed) {
                return true;
            }
        }
    }

    private Sleeper(int number) {
        changes = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        thread = Thread.ofPlatform().daemon().name("kith-sleeper-" + number).unstarted(this);
    }

    /**
     * Asks to be told once when something is ready.
     *
     * @param ready asked in the thread of this class; must not block
     * @param wake run there
     */
    static Waitable.Registration when(Parking parking, BooleanSupplier ready, Runnable wake) {
        Request request = new Request(parking, ready, wake);
        synchronized (ALL) {
            for (Sleeper each : ALL) {
                if (each.add(request)) {
                    return () -> each.remove(request);
                }
            }
            Sleeper another = new Sleeper(ALL.size());
            ALL.add(another);
            another.add(request);
            another.thread.start();
            return () -> another.remove(request);
        }
    }

    @Override
    public void run() {
        MemorySegment array =
                RegionFile.NATIVE
                        ? Arena.global()
                                .allocate(
                                        LinuxFutex.FUTEX_WAITV_MAX * LinuxFutex.WAITV_BYTES,
                                        Long.BYTES)
                        : MemorySegment.NULL;
        MemorySegment deadline =
                RegionFile.NATIVE
                        ? Arena.global().allocate(Timespec.BYTES, Long.BYTES)
                        : MemorySegment.NULL;
        boolean inKernel = RegionFile.NATIVE;
        for (long began = System.nanoTime(); ; ) {
            long waited = System.nanoTime() - began;
            try {
                int before = (int) WORD.getAcquire(changes, 0L);
                List<Request> asleep = snapshot();
                if (tell(asleep)) {
                    began = System.nanoTime();
                } else if (inKernel) {
                    inKernel = sleep(array, deadline, asleep, before, waited);
                } else {
                    LockSupport.parkNanos(
                            asleep.isEmpty() ? Long.MAX_VALUE : Parking.pause(waited));
                }
            } catch (InternalError cut) {
                // One of the files was cut in between: the next look tells whose.
                began = System.nanoTime();
            }
        }
    }

    /** Tells who is ready; whether anybody was. */
    private boolean tell(List<Request> asleep) {
        boolean any = false;
        for (Request request : asleep) {
            if (request.isReady() && remove(request)) {
                any = true;
                try {
                    request.wake.run();
                } catch (Throwable thrown) {
                    // One that throws must not take the thread of all others with it.
                    Thread me = Thread.currentThread();
                    me.getUncaughtExceptionHandler().uncaughtException(me, thrown);
                }
            }
        }
        return any;
    }

    /** Sleeps until woken; false if this kernel cannot. */
    private boolean sleep(
            MemorySegment array,
            MemorySegment deadline,
            List<Request> asleep,
            int before,
            long waited) {
        int count = 0;
        LinuxFutex.waiter(array, count++, changes, before);
        for (Request request : asleep) {
            int said = request.parking.announced();
            LinuxFutex.waiter(array, count++, request.parking.word(), said);
        }
        Fence.heavy();
        // After the barrier: who attaches later finds the word, and wakes.
        long bound = Parking.boundOf(asleep.stream().map(Request::parking).toList(), waited);
        for (Request request : asleep) {
            if (request.isReady()) {
                return true;
            }
        }
        Timespec.set(deadline, Duration.between(Instant.EPOCH, Instant.now().plusNanos(bound)));
        int error =
                LinuxFutex.awaitAny(array, count, asleep.isEmpty() ? MemorySegment.NULL : deadline);
        return error != -Errno.ENOSYS && error != -Errno.EPERM;
    }

    private synchronized List<Request> snapshot() {
        return List.copyOf(requests);
    }

    private boolean add(Request request) {
        synchronized (this) {
            if (requests.size() == MOST) {
                return false;
            }
            requests.add(request);
        }
        changed();
        return true;
    }

    private boolean remove(Request request) {
        synchronized (this) {
            // By identity: the same may be asked for twice.
            boolean removed = false;
            for (int i = 0; i < requests.size() && !removed; i++) {
                if (requests.get(i) == request) {
                    requests.remove(i);
                    removed = true;
                }
            }
            if (!removed) {
                return false;
            }
        }
        changed();
        return true;
    }

    private void changed() {
        WORD.getAndAdd(changes, 0L, 1);
        if (RegionFile.NATIVE) {
            LinuxFutex.wake(changes, 1);
        }
        LockSupport.unpark(thread);
    }
}
