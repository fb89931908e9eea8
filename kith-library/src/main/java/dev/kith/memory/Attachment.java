// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/** A slot of the attach table that is this process's until it is closed or the process ends. */
public final class Attachment implements AutoCloseable {
    private final AttachTable table;
    private final Party party;
    private final long word;
    private final AtomicBoolean closed = new AtomicBoolean();

    Attachment(AttachTable table, Party party, long word) {
        this.table = table;
        this.party = party;
        this.word = word;
    }

    /** How others see it. */
    public Party party() {
        return party;
    }

    /** The index of the slot. */
    public int slot() {
        return party.slot();
    }

    /** Where the slot begins in the region; what of it is the kind's own begins 64 bytes later. */
    public long offset() {
        return AttachTable.offset(party.slot());
    }

    /** The state word with which it is attached. */
    long word() {
        return word;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Detaches: the slot is free for others from now on. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            table.detach(this);
        }
    }

    @Override
    public String toString() {
        return party.toString();
    }
}
