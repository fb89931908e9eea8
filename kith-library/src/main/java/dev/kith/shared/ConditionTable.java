// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ThreadLocalRandom;

/** Which conditions a lock has: each is a number that was chosen, or made of its name. */
final class ConditionTable {
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Region region;
    private final MemorySegment memory;
    private final long base;

    ConditionTable(Region region, long base) {
        this.region = region;
        this.memory = region.segment();
        this.base = base;
    }

    SharedCondition add(SharedLock lock) {
        return of(lock, ThreadLocalRandom.current().nextLong() | 1L);
    }

    SharedCondition named(SharedLock lock, String name) {
        return of(lock, id(name));
    }

    /** The condition of that number, which may have to be made. */
    SharedCondition of(SharedLock lock, long id) {
        for (int index = 0; index < LockLayout.CONDITIONS; index++) {
            long found = (long) LONG.getVolatile(memory, at(index));
            if (found == 0 && !LONG.compareAndSet(memory, at(index), 0L, id)) {
                found = (long) LONG.getVolatile(memory, at(index));
            }
            KillPoint.pass();
            if (found == 0 || found == id) {
                return new SharedCondition(lock, id, LockLayout.FOR_CONDITION + index);
            }
        }
        throw new IpcException(
                "condition of "
                        + region
                        + ": it has "
                        + LockLayout.CONDITIONS
                        + " already; make another lock, or wait for several things by one");
    }

    /** The condition of that number. */
    SharedCondition known(SharedLock lock, long id) {
        for (int index = 0; index < LockLayout.CONDITIONS; index++) {
            if ((long) LONG.getVolatile(memory, at(index)) == id) {
                return new SharedCondition(lock, id, LockLayout.FOR_CONDITION + index);
            }
        }
        throw new NotFound("condition of " + region + ": none of the number " + id);
    }

    private long at(int index) {
        return base + index * 8L;
    }

    /** 63 bits of SHA-256, never 0: two names have the same once in 9e18. */
    private static long id(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() | 1L;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
