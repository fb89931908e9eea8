// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EINTR;

import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Offload;
import dev.kith.kernel.SysEpoll;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for many things at once: descriptors of every kind, and whatever of Kith can be waited for.
 *
 * <pre>{@code
 * try (var poller = Poller.<String>open()) {
 *     poller.add(pipe.reader(), Set.of(Poller.Event.IN), "pipe");
 *     poller.add(timer, Set.of(Poller.Event.IN), "timer");
 *     poller.add(receiver, "channel");
 *     for (var ready : poller.await()) {
 *         System.out.println(ready.attachment() + " " + ready.events());
 *     }
 * }
 * }</pre>
 *
 * <p>What is ready is reported, not taken, and reported again by the next wait as long as it is
 * ready, unless {@link Event#EDGE_TRIGGERED} or {@link Event#ONE_SHOT} say otherwise. Waiting costs
 * one system call, however many members there are.
 *
 * <p>Any thread may add, change and remove members and call {@link #wakeup()} while others wait;
 * waits that have begun see it. Several threads may wait: each may be told of the same member,
 * unless it is ONE_SHOT.
 *
 * <p>A member with a descriptor that is closed is removed, and reported once, with {@link
 * Event#CLOSED}, by a wait in progress too. (A {@link HasFd} that is not Kith's is not noticed: to
 * remove it first is up to who closes it.) A {@link Waitable} that is closed is ready, because its
 * next call throws, and stays a member until it is removed. When the process at the other end dies
 * its descriptors are closed: the events are HUP, RDHUP or IN, as the kind of descriptor has it.
 *
 * @param <A> what a member is known by
 * @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
 */
public final class Poller<A> implements HasFd, AutoCloseable {
    /** Of the wake-up in the epoll; members have others. */
    private static final long WAKE_UP = 0;

    private static final int BATCH = 64;

    private static final ThreadLocal<MemorySegment> EVENTS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BATCH * SysEpoll.EVENT_BYTES, 8));

    private final Descriptor epoll;
    private final WakeUp wakeUp;

    /** By identity; guarded by this. */
    private final Map<Object, PollerMember<A>> members = new IdentityHashMap<>();

    private final Map<Long, PollerMember<A>> byId = new ConcurrentHashMap<>();

    /** Those that a wait must look at: told to be ready, closed, added, ready the last time. */
    private final Queue<PollerMember<A>> toLookAt = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** How many threads are in await. */
    private final AtomicInteger waits = new AtomicInteger();

    private long lastId;
    private volatile boolean woken;

    private Poller(Descriptor epoll, WakeUp wakeUp) {
        this.epoll = epoll;
        this.wakeUp = wakeUp;
    }

    /** What may happen to a descriptor, and how it is to be told. poll(2), epoll_ctl(2) */
    public enum Event {
        /** A read would not wait. */
        IN(SysEpoll.EPOLLIN),
        /** A write would not wait. */
        OUT(SysEpoll.EPOLLOUT),
        /** Something exceptional: urgent data of TCP. */
        PRI(SysEpoll.EPOLLPRI),
        /** The other side of a stream socket sends no more. */
        RDHUP(SysEpoll.EPOLLRDHUP),
        /** An error, or nobody reads a pipe; told whether asked for or not. */
        ERR(SysEpoll.EPOLLERR),
        /** The other side is gone; told whether asked for or not. */
        HUP(SysEpoll.EPOLLHUP),
        /** The member was closed by this process and is no member any more; never asked for. */
        CLOSED(0),
        /** Asks to be told only when something new happens. */
        EDGE_TRIGGERED(SysEpoll.EPOLLET),
        /** Asks to be told once; then nothing, until {@link Poller#modify}. */
        ONE_SHOT(SysEpoll.EPOLLONESHOT);

        private final int bit;

        Event(int bit) {
            this.bit = bit;
        }

        private static int mask(Set<Event> events) {
            if (events.contains(CLOSED)) {
                throw new IllegalArgumentException("CLOSED is told without being asked for");
            }
            return events.stream().mapToInt(event -> event.bit).reduce(0, (a, b) -> a | b);
        }

        private static Set<Event> of(int mask) {
            Set<Event> events = EnumSet.noneOf(Event.class);
            for (Event event : values()) {
                if ((mask & event.bit) != 0) {
                    events.add(event);
                }
            }
            return events;
        }
    }

    /**
     * A member that is ready.
     *
     * @param member what was added
     * @param attachment what it was added with
     * @param events what has happened; {@link Event#IN} of a {@link Waitable}
     * @param <A> what a member is known by
     */
    public record Ready<A>(Object member, A attachment, Set<Event> events) {}

    /**
     * Makes a poller without members.
     *
     * @param <A> what a member is known by
     * @return the poller; close it
     */
    public static <A> Poller<A> open() {
        Descriptor epoll =
                new Descriptor(
                        Errors.check(
                                SysEpoll.create1(SysEpoll.EPOLL_CLOEXEC),
                                "epoll_create1(EPOLL_CLOEXEC)",
                                "raise the limit of open files (ulimit -n)"),
                        "poller");
        WakeUp wakeUp = null;
        try (Arena arena = Arena.ofConfined()) {
            wakeUp = new WakeUp();
            MemorySegment event = arena.allocate(SysEpoll.EVENT_BYTES, 8);
            SysEpoll.event(event, 0, SysEpoll.EPOLLIN, WAKE_UP);
            Errors.check(
                    SysEpoll.ctl(epoll.fd(), SysEpoll.EPOLL_CTL_ADD, wakeUp.fd(), event),
                    "epoll_ctl(EPOLL_CTL_ADD, wake-up)",
                    "");
            return new Poller<>(epoll, wakeUp);
        } catch (RuntimeException failed) {
            if (wakeUp != null) {
                wakeUp.close();
            }
            epoll.close();
            throw failed;
        }
    }

    /**
     * Adds a handle that stands on a descriptor.
     *
     * @param member a pipe, a socket, a counter, an {@link Fd}; another poller
     * @param events what to wait for, and how to be told
     * @param attachment what it is known by, for {@link Ready}
     * @throws IllegalArgumentException if it is a member, or a regular file, which is always ready
     * @throws dev.kith.Closed if it is closed, or the poller is
     */
    public synchronized void add(HasFd member, Set<Event> events, A attachment) {
        int mask = Event.mask(events);
        add(
                member,
                id ->
                        new PollerMember.OfFd<>(
                                id,
                                member,
                                attachment,
                                epoll.fd(),
                                mask,
                                () -> lookAt(byId.get(id))));
    }

    /**
     * Adds something that may become ready without a descriptor: a receiver, a listener, a worker.
     *
     * @param member what to wait for
     * @param attachment what it is known by, for {@link Ready}
     * @throws IllegalArgumentException if it is a member
     * @throws UnsupportedOperationException if it is an end that only sends
     * @throws dev.kith.Closed if the poller is closed
     */
    public synchronized void add(Waitable member, A attachment) {
        // One that cannot be waited for says so now, not to a wait of another thread.
        member.isReady();
        PollerMember<A> added =
                add(member, id -> new PollerMember.OfWaitable<>(id, member, attachment));
        lookAt(added);
    }

    /**
     * Changes what to wait for, and arms a member that is ONE_SHOT again.
     *
     * @param member one with a descriptor
     * @param events what to wait for from now on, and how to be told
     * @throws IllegalArgumentException if it is no member
     * @throws dev.kith.Closed if it is closed, or the poller is
     */
    public synchronized void modify(HasFd member, Set<Event> events) {
        int mask = Event.mask(events);
        epoll.openFd();
        if (!(members.get(member) instanceof PollerMember.OfFd<A> known)) {
            throw new IllegalArgumentException(member + " is no member with a descriptor");
        }
        known.modify(mask);
    }

    /**
     * Removes a member; no wait that begins after this reports it.
     *
     * @param member what was added
     * @return whether it was a member
     */
    public synchronized boolean remove(Object member) {
        PollerMember<A> removed = members.remove(member);
        if (removed == null) {
            return false;
        }
        byId.remove(removed.id);
        removed.release();
        return true;
    }

    /**
     * Waits until a member is ready, or {@link #wakeup()} is called.
     *
     * @return what is ready, at most 64 with descriptors at a time; empty after a wake-up
     * @throws InterruptedException if the thread was interrupted
     */
    public List<Ready<A>> await() throws InterruptedException {
        return await(Deadline.FOREVER);
    }

    /**
     * Waits a limited time until a member is ready, or {@link #wakeup()} is called.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return what is ready, at most 64 with descriptors at a time; empty if nothing was in time
     * @throws InterruptedException if the thread was interrupted
     */
    public List<Ready<A>> await(Duration timeout) throws InterruptedException {
        return await(Deadline.after(Deadline.nanos(timeout)));
    }

    /** Makes one wait return without anything ready: one in progress, or else the next one. */
    public void wakeup() {
        epoll.openFd();
        woken = true;
        wakeUp.signal();
    }

    @Override
    public int fd() {
        return epoll.openFd();
    }

    @Override
    public int duplicateFd() {
        return epoll.duplicate();
    }

    /** Ends the waits with {@link dev.kith.Closed} and lets go of all members, which stay open. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        int fd = epoll.release();
        synchronized (this) {
            members.values().forEach(PollerMember::release);
            members.clear();
            byId.clear();
        }
        wakeUp.close();
        Unistd.close(fd);
    }

    @Override
    public String toString() {
        return "poller";
    }

    private interface Maker<A> {
        PollerMember<A> make(long id);
    }

    private PollerMember<A> add(Object member, Maker<A> maker) {
        epoll.gate().enter();
        try {
            if (members.containsKey(member)) {
                throw new IllegalArgumentException(member + " is a member already: modify it");
            }
            long id = ++lastId;
            PollerMember<A> made = maker.make(id);
            members.put(member, made);
            byId.put(id, made);
            // One that was closed meanwhile could not be found.
            if (made instanceof PollerMember.OfFd<A> known && known.isClosed()) {
                lookAt(made);
            }
            return made;
        } finally {
            epoll.gate().exit();
        }
    }

    /** From any thread: the next wait, or one in progress, shall look at it. */
    private void lookAt(PollerMember<A> member) {
        if (member != null && member.toQueue()) {
            toLookAt.add(member);
            wakeUp.signal();
        }
    }

    private List<Ready<A>> await(long deadline) throws InterruptedException {
        if (Offload.needed()) {
            return Offload.call(() -> await(deadline));
        }
        waits.incrementAndGet();
        try {
            return ready(deadline);
        } finally {
            // Nothing else tells the others of what was found ready here, and still is.
            if (waits.decrementAndGet() > 0 && !toLookAt.isEmpty()) {
                wakeUp.signal();
            }
        }
    }

    private List<Ready<A>> ready(long deadline) throws InterruptedException {
        for (; ; ) {
            List<Ready<A>> ready = new ArrayList<>();
            look(ready);
            MemorySegment events = EVENTS.get();
            int happened = poll(events, ready.isEmpty() && !woken, deadline);
            boolean told = false;
            for (int i = 0; i < happened; i++) {
                long id = SysEpoll.data(events, i);
                PollerMember<A> member = byId.get(id);
                if (id == WAKE_UP) {
                    wakeUp.drain();
                    told = true;
                } else if (member != null) {
                    Set<Event> mask = Event.of(SysEpoll.mask(events, i));
                    ready.add(new Ready<>(member.member, member.attachment, mask));
                }
            }
            if (told && ready.isEmpty()) {
                look(ready);
            }
            if (!ready.isEmpty() || wasWoken() || Deadline.passed(deadline)) {
                return Collections.unmodifiableList(ready);
            }
        }
    }

    private synchronized boolean wasWoken() {
        boolean was = woken;
        woken = false;
        return was;
    }

    /** Reports those that have been told to be ready, and are. */
    private void look(List<Ready<A>> ready) {
        List<PollerMember<A>> again = new ArrayList<>();
        PollerMember<A> each;
        while ((each = toLookAt.poll()) != null) {
            each.dequeued();
            PollerMember<A> member = each;
            switch (each) {
                case PollerMember.OfFd<A> closed -> {
                    if (remove(closed.member)) {
                        ready.add(
                                new Ready<>(
                                        closed.member, closed.attachment, Set.of(Event.CLOSED)));
                    }
                }
                case PollerMember.OfWaitable<A> waitable -> {
                    if (waitable.isReadyOr(() -> lookAt(member))) {
                        ready.add(
                                new Ready<>(
                                        waitable.member, waitable.attachment, Set.of(Event.IN)));
                        again.add(waitable);
                    }
                }
            }
        }
        again.stream().filter(PollerMember::toQueue).forEach(toLookAt::add);
    }

    private int poll(MemorySegment events, boolean wait, long deadline)
            throws InterruptedException {
        try (Blocked blocked = epoll.gate().block(Deadline.FOREVER)) {
            for (; ; ) {
                int millis = wait ? Deadline.pollMillis(deadline) : 0;
                int happened = SysEpoll.wait(epoll.fd(), events, BATCH, millis);
                if (happened != -EINTR) {
                    return Errors.check(happened, "epoll_wait(poller)", "");
                }
                blocked.goOn();
            }
        }
    }
}
