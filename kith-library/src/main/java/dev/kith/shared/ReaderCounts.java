// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Peer;
import dev.kith.memory.AttachTable;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Party;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * How many threads of each party read: a word in the own 64 bytes of its slot of the attach table.
 *
 * <pre>
 *   +64  u64   mark of the party (Member.mark()) << 32 | threads that read
 * </pre>
 *
 * <p>What is in a slot counts only while its party lives, so a death takes nothing down. The word
 * of one who has closed his handle may be another's by now, whom he tells by the mark.
 */
final class ReaderCounts {
    private static final long WORD = AttachTable.OWN_OFFSET;
    private static final long COUNT_MASK = 0xffff_ffffL;
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Member member;
    private final AttachTable table;
    private final MemorySegment memory;
    private final long mine;
    private final long mark;

    ReaderCounts(Member member) {
        this.member = member;
        this.table = member.region().table();
        this.memory = member.region().segment();
        this.mine = at(member.slot());
        this.mark = (long) member.mark() << Integer.SIZE;
        LONG.setVolatile(memory, mine, mark);
        KillPoint.pass();
    }

    /**
     * One thread more. Also a barrier, as are all accesses here, between this and a look at the
     * writer's word.
     *
     * @throws dev.kith.Closed if the handle is closed: nobody would respect it
     */
    void enter() {
        boolean entered = add(1);
        if (member.region().isClosed()) {
            if (entered) {
                add(-1);
            }
            throw member.closed();
        }
    }

    /** One thread less. */
    void leave() {
        add(-1);
    }

    /** Whether any living party reads. */
    boolean isAnybody() {
        for (int slot = 0; slot < table.slots(); slot++) {
            if (reads(slot)) {
                return true;
            }
        }
        return false;
    }

    /** The processes that read. */
    List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (reads(slot)) {
                table.party(slot).map(Party::peer).ifPresent(peers::add);
            }
        }
        return peers;
    }

    private boolean reads(int slot) {
        long word = (long) LONG.getVolatile(memory, at(slot));
        return (word & COUNT_MASK) != 0 && !Member.hasLeft(table, (int) (word >>> Integer.SIZE));
    }

    /** False if the slot is another's by now. */
    private boolean add(int threads) {
        for (; ; ) {
            long word = (long) LONG.getVolatile(memory, mine);
            if ((word & ~COUNT_MASK) != mark) {
                return false;
            }
            long next = mark | word + threads & COUNT_MASK;
            if (LONG.compareAndSet(memory, mine, word, next)) {
                KillPoint.pass();
                return true;
            }
        }
    }

    private static long at(int slot) {
        return AttachTable.offset(slot) + WORD;
    }
}
