// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Errno;
import dev.kith.kernel.SysEpoll;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** A member of a {@link Poller}. */
abstract sealed class PollerMember<A> {
    final long id;
    final Object member;
    final A attachment;

    /** Whether it is in the queue of those to look at. */
    private final AtomicBoolean queued = new AtomicBoolean();

    private PollerMember(long id, Object member, A attachment) {
        this.id = id;
        this.member = member;
        this.attachment = attachment;
    }

    /** Whether the caller must put it into the queue. */
    boolean toQueue() {
        return queued.compareAndSet(false, true);
    }

    /** It was taken out of the queue. */
    void dequeued() {
        queued.set(false);
    }

    /** Gives back what it holds; a second time does nothing. */
    abstract void release();

    /**
     * One with a descriptor. The epoll has a duplicate, so that the kernel does not drop it when
     * the handle is closed but another copy of the descriptor lives on, with events that could not
     * be stopped any more.
     */
    static final class OfFd<A> extends PollerMember<A> {
        private final int epoll;
        private int duplicate;
        private Waitable.Registration closing = () -> {};
        private volatile boolean closed;

        OfFd(long id, HasFd member, A attachment, int epoll, int mask, Runnable whenClosed) {
            super(id, member, attachment);
            this.epoll = epoll;
            Descriptor.Duplicate copy = Descriptor.Duplicate.of(member);
            duplicate = copy.fd();
            int error = control(SysEpoll.EPOLL_CTL_ADD, mask);
            if (error < 0) {
                release();
                throw error == -Errno.EPERM
                        ? new IllegalArgumentException(
                                member + ": is always ready, which no poller can wait for: a file")
                        : failed("EPOLL_CTL_ADD", error);
            }
            copy.behind()
                    .ifPresent(behind ->
                            closing =
                                    behind.whenClosed(() -> {
                                        closed = true;
                                        letGo();
                                        whenClosed.run();
                                    }));
        }

        boolean isClosed() {
            return closed;
        }

        synchronized void modify(int mask) {
            if (duplicate < 0) {
                throw new Closed(member + " is closed");
            }
            int error = control(SysEpoll.EPOLL_CTL_MOD, mask);
            if (error < 0) {
                throw failed("EPOLL_CTL_MOD", error);
            }
        }

        @Override
        void release() {
            letGo();
            closing.close();
        }

        /** Whoever is at the other end sees the end when the handle is closed, not later. */
        private synchronized void letGo() {
            if (duplicate >= 0) {
                SysEpoll.ctl(epoll, SysEpoll.EPOLL_CTL_DEL, duplicate, MemorySegment.NULL);
                Unistd.close(duplicate);
                duplicate = -1;
            }
        }

        private int control(int operation, int mask) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment event = arena.allocate(SysEpoll.EVENT_BYTES, 8);
                SysEpoll.event(event, 0, mask, id);
                return SysEpoll.ctl(epoll, operation, duplicate, event);
            }
        }

        private RuntimeException failed(String operation, int error) {
            return Errors.of("epoll_ctl(" + operation + ", " + member + ")", error, "");
        }
    }

    /** One that tells by itself. */
    static final class OfWaitable<A> extends PollerMember<A> {
        private final Waitable waitable;
        private Waitable.Registration request = () -> {};
        private boolean released;

        OfWaitable(long id, Waitable member, A attachment) {
            super(id, member, attachment);
            this.waitable = member;
        }

        /** Whether it is ready; if not, {@code wake} is run when it may have become so. */
        synchronized boolean isReadyOr(Runnable wake) {
            request.close();
            if (released || waitable.isReady()) {
                return !released;
            }
            try {
                request = waitable.whenReady(wake);
            } catch (Closed sinceThen) {
                return true;
            }
            // What became ready before it was asked tells nobody.
            return waitable.isReady();
        }

        @Override
        synchronized void release() {
            released = true;
            request.close();
        }
    }
}
