// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;
import dev.kith.Peer;
import dev.kith.memory.AttachTable;
import dev.kith.memory.Attachment;
import dev.kith.memory.Party;
import dev.kith.memory.Region;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * This process among those that use a region: its slot, and the table of all who wait there.
 *
 * <p>What somebody holds in the region is noted with his slot. So the slot of a dead party is only
 * given to another when everything that it held has been taken from it.
 */
final class Member implements AutoCloseable {
    private static final int ROLE = 16;

    private static final int MARK_SLOT = 0xffff;
    private static final int MARK_SHIFT = 17;
    private static final int MARK_GENERATION = 0x7fff;

    private final Region region;
    private final Attachment attachment;
    private final WaitTable waits;

    private Member(Region region, Attachment attachment, WaitTable waits) {
        this.region = region;
        this.attachment = attachment;
        this.waits = waits;
    }

    /**
     * Joins.
     *
     * @param release takes from a dead slot what it holds, so that the slot can be another's
     */
    static Member join(Region region, WaitTable waits, IntConsumer release) {
        Attachment attachment =
                region.table()
                        .attach(
                                ROLE,
                                slot -> {
                                    waits.settle(slot);
                                    release.accept(slot);
                                    return true;
                                });
        return new Member(region, attachment, waits);
    }

    Region region() {
        return region;
    }

    WaitTable waits() {
        return waits;
    }

    int slot() {
        return attachment.slot();
    }

    /** Takes a place among those who wait. */
    WaitEntry enter(int what, Thread thread) {
        return waits.enter(slot(), what, thread);
    }

    /**
     * This party in one word that is not 0, for what it holds: slot + 1 in the lower 16 bits, 0 in
     * the next, the lower 15 of the slot's generation above. So what one party holds is not taken
     * for what the next in its slot does, by a process that was stopped in between.
     */
    int mark() {
        return attachment.party().generation() << MARK_SHIFT | slot() + 1;
    }

    /** The slot of a mark. */
    static int slotOf(int mark) {
        return (mark & MARK_SLOT) - 1;
    }

    /** Whether the party of a mark has died, or has let go of the region. */
    boolean hasLeft(int mark) {
        return mark != mark() && hasLeft(region.table(), mark);
    }

    static boolean hasLeft(AttachTable table, int mark) {
        int slot = slotOf(mark);
        return slot < 0
                || slot >= table.slots()
                || !table.isAlive(slot, mark >>> MARK_SHIFT, MARK_GENERATION);
    }

    /** Whether the party of a slot has died, or has let go of the region. */
    boolean isGone(int slot) {
        return slot != slot() && (slot >= region.table().slots() || !region.table().isAlive(slot));
    }

    /** Whether a slot is of this process: this one, or that of another handle. */
    boolean isOfThisProcess(int slot) {
        return slot == slot() || peer(slot).filter(Member::isThisProcess).isPresent();
    }

    /** The process that has a slot, or had it last. */
    Optional<Peer> peer(int slot) {
        return slot >= 0 && slot < region.table().slots()
                ? region.table().party(slot).map(Party::peer)
                : Optional.empty();
    }

    /** Refuses what cannot be done any more when the handle is closed. */
    void checkOpen() {
        if (region.isClosed()) {
            throw closed();
        }
    }

    Closed closed() {
        return new Closed(region + " is closed");
    }

    @Override
    public void close() {
        attachment.close();
    }

    @Override
    public String toString() {
        return region.toString();
    }

    private static boolean isThisProcess(Peer peer) {
        Peer me = Peer.current();
        return peer.pid() == me.pid()
                && peer.startTicks() == me.startTicks()
                && peer.pidNamespace() == me.pidNamespace()
                && peer.bootId().equals(me.bootId());
    }
}
