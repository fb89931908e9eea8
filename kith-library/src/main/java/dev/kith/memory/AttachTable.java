// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Who is attached to a region: slots of 128 bytes from byte 256 on, one for each attachment.
 *
 * <pre>
 *   0  u64 state word         24  u64 start time        64  64 bytes of the kind's own,
 *   8  u32 role               32  u64 pid namespace         zero when a party attaches
 *  12  u32 reserved           40  16 bytes boot id
 *  16  u64 pid                56  u64 reserved
 *
 *  state word:  generation << 32  |  pid (its low 24 bits) << 8  |  locked << 2  |  state
 *  state:       0 free   1 attaching   2 attached
 * </pre>
 *
 * <p>The truth about whether a party lives is a lock of its open file description on byte 2^40 +
 * slot of the file (fcntl_locking(2)), which the kernel gives back when the process ends, however
 * it ends, and which no later process of the same number has. A party without native access has no
 * lock and says so in its state word; its pid, start time, boot and pid namespace are compared with
 * /proc instead. From another pid namespace such a party is taken to be alive.
 *
 * <p>Asking costs one system call for a party with a lock (under a microsecond) and reading
 * /proc/PID/stat for one without (some 20 microseconds).
 */
public final class AttachTable {
    /*
     * A slot is taken by: its lock; then compare-and-set of the state word from free, or from the
     * word of a dead party, to attaching with the next generation; then the fields; then a release
     * store of attached. Who has no native access has no lock to take, and relies on the
     * compare-and-set alone. What is left by a death:
     *
     *   after            slot says              and is judged by
     *   lock             what it said           the lock: taken, so alive, until the death drops it
     *   attaching        attaching, pid, locked the lock; without one: whether the pid runs
     *   some fields      the same
     *   attached         attached               lock, or the identity in the fields
     *   free (detach)    free
     *
     * In every row the slot is free or seen dead, so the next who attaches may take it. The fields
     * are read between two reads of the same state word.
     */

    /** Where the table begins. */
    public static final long OFFSET = Header.BYTES;

    /** Bytes of a slot. */
    public static final long SLOT_BYTES = 128;

    /** Where what is the kind's own begins in a slot. */
    public static final long OWN_OFFSET = 64;

    private static final long STATE = 0;
    private static final long ROLE = 8;
    private static final long PID = 16;
    private static final long START = 24;
    private static final long NAMESPACE = 32;
    private static final long BOOT = 40;

    private static final long FIRST_LOCK = 1L << 40;
    private static final int ROUNDS = 100;

    private static final VarHandle WORD = JAVA_LONG.varHandle();

    private final Region region;
    private final RegionFile file;
    private final MemorySegment memory;
    private final int slots;

    /** What this process has attached by this table: its own locks read as free. */
    private final Map<Integer, Attachment> own = new HashMap<>();

    AttachTable(Region region, RegionFile file, int slots) {
        this.region = region;
        this.file = file;
        this.memory = file.memory();
        this.slots = slots;
    }

    /** Where a slot begins in the region. */
    public static long offset(int slot) {
        return OFFSET + slot * SLOT_BYTES;
    }

    /** How many slots there are. */
    public int slots() {
        return slots;
    }

    /**
     * Takes a slot that is free, or that of a dead party.
     *
     * @param role what for
     * @throws NotFound if the region was removed meanwhile: create it
     * @throws IpcException if living parties have all slots
     */
    public Attachment attach(int role) {
        return attach(role, slot -> true);
    }

    /**
     * Takes a slot that is free, or that of a dead party.
     *
     * @param role what for
     * @param reusable asked before a slot is taken that was another's, who is dead or has let go of
     *     it; false leaves it as it is
     * @throws NotFound if the region was removed meanwhile: create it
     * @throws IpcException if there is none
     */
    public synchronized Attachment attach(int role, IntPredicate reusable) {
        return region.guarded("attach", () -> attachGuarded(role, reusable));
    }

    private Attachment attachGuarded(int role, IntPredicate reusable) {
        boolean contended = true;
        for (int round = 0; contended && round < ROUNDS; round++) {
            contended = false;
            for (int slot = 0; slot < slots; slot++) {
                long word = word(slot);
                boolean dead = !SlotWord.isFree(word) && !isAlive(slot, word);
                boolean had = SlotWord.generation(word) != 0;
                if (!dead && !SlotWord.isFree(word) || had && !reusable.test(slot)) {
                    continue;
                }
                Attachment taken = take(slot, word, role, dead);
                if (taken != null) {
                    return taken;
                }
                contended = true;
            }
            Thread.yield();
        }
        throw new IpcException(
                "attach("
                        + region
                        + "): no slot is free: slots="
                        + slots
                        + ", attached: "
                        + parties()
                        + "; close one of them, or create it with more slots");
    }

    /** Who is attached, dead or alive, in the order of the slots. */
    public List<Party> parties() {
        List<Party> parties = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            party(slot).ifPresent(parties::add);
        }
        return parties;
    }

    /** Who is attached in a slot, dead or alive. */
    public Optional<Party> party(int slot) {
        for (int round = 0; round < ROUNDS; round++) {
            long word = word(slot);
            if (!SlotWord.isAttached(word)) {
                return Optional.empty();
            }
            long at = offset(slot);
            Party party =
                    new Party(
                            slot,
                            SlotWord.generation(word),
                            memory.get(JAVA_INT, at + ROLE),
                            new Peer(
                                    memory.get(JAVA_LONG, at + PID),
                                    memory.get(JAVA_LONG, at + START),
                                    BootId.read(memory, at + BOOT).toString(),
                                    memory.get(JAVA_LONG, at + NAMESPACE),
                                    -1,
                                    -1));
            VarHandle.loadLoadFence();
            if (word(slot) == word) {
                return Optional.of(party);
            }
        }
        return Optional.empty();
    }

    /** Whether a party is still attached and its process runs. */
    public boolean isAlive(Party party) {
        long word = word(party.slot());
        return SlotWord.generation(word) == party.generation()
                && !SlotWord.isFree(word)
                && isAlive(party.slot(), word);
    }

    /** Whether who has the slot, attached or about to be, runs; false for a free slot. */
    public boolean isAlive(int slot) {
        long word = word(slot);
        return !SlotWord.isFree(word) && isAlive(slot, word);
    }

    /**
     * Whether who has the slot runs, and is the one of that generation as far as the mask says.
     *
     * @param generation of which only the bits of the mask count
     */
    public boolean isAlive(int slot, int generation, int mask) {
        long word = word(slot);
        return ((SlotWord.generation(word) ^ generation) & mask) == 0
                && !SlotWord.isFree(word)
                && isAlive(slot, word);
    }

    /** Whether any living process is attached or about to be. */
    public boolean isAnyAlive() {
        for (int slot = 0; slot < slots; slot++) {
            if (isAlive(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a slot was taken by somebody who has ended without detaching. */
    public boolean isAnyDead() {
        for (int slot = 0; slot < slots; slot++) {
            long word = word(slot);
            if (!SlotWord.isFree(word) && !isAlive(slot, word)) {
                return true;
            }
        }
        return false;
    }

    /** The state word of a slot. */
    long word(int slot) {
        // acquire: pairs with the release of attached, so that the fields are there
        return (long) WORD.getAcquire(memory, offset(slot) + STATE);
    }

    /** Whether this process has attached it by this table. */
    synchronized boolean isOwn(int slot, long word) {
        Attachment mine = own.get(slot);
        return mine != null && mine.word() == word;
    }

    boolean isAlive(int slot, long word) {
        if (isOwn(slot, word)) {
            return true;
        }
        if (SlotWord.isLocked(word) && RegionFile.NATIVE) {
            return file.isLocked(FIRST_LOCK + slot);
        }
        if (SlotWord.isAttached(word)) {
            return party(slot).map(party -> Identity.lives(party.peer())).orElse(true);
        }
        // Attaching, and not yet said who: the number is all there is.
        return Identity.runs(SlotWord.pid(word));
    }

    void detach(Attachment attachment) {
        synchronized (this) {
            int slot = attachment.slot();
            long word = attachment.word();
            KillPoint.pass();
            try {
                if (word(slot) == word) {
                    // A store will do in one's own slot, and throws what can be caught where the
                    // file was cut; an exchange might end the JVM.
                    WORD.setRelease(memory, offset(slot) + STATE, SlotWord.freed(word));
                }
                // HotSpot says of a fault at the next safepoint: let it be here.
                Thread.yield();
            } catch (InternalError cut) {
                // There is no slot any more.
            }
            KillPoint.pass();
            file.unlock(FIRST_LOCK + slot);
            own.remove(slot, attachment);
            KillPoint.pass();
        }
    }

    void detachAll() {
        List<Attachment> all;
        synchronized (this) {
            all = List.copyOf(own.values());
        }
        all.forEach(Attachment::close);
    }

    /** Null if somebody else was faster. */
    private Attachment take(int slot, long word, int role, boolean swept) {
        if (own.containsKey(slot) || !file.lock(FIRST_LOCK + slot)) {
            return null;
        }
        KillPoint.pass();
        Peer me = Peer.current();
        int generation = SlotWord.generation(word) + 1;
        long attaching = SlotWord.attaching(generation, me.pid(), RegionFile.NATIVE);
        long attached = SlotWord.attached(attaching);
        long at = offset(slot);
        if (!WORD.compareAndSet(memory, at + STATE, word, attaching)) {
            file.unlock(FIRST_LOCK + slot);
            return null;
        }
        KillPoint.pass();
        memory.set(JAVA_INT, at + ROLE, role);
        KillPoint.pass();
        memory.set(JAVA_LONG, at + PID, me.pid());
        KillPoint.pass();
        memory.set(JAVA_LONG, at + START, me.startTicks());
        memory.set(JAVA_LONG, at + NAMESPACE, me.pidNamespace());
        BootId.current().write(memory, at + BOOT);
        KillPoint.pass();
        memory.asSlice(at + OWN_OFFSET, SLOT_BYTES - OWN_OFFSET).fill((byte) 0);
        if (swept) {
            Header.sweptOne(memory);
        }
        KillPoint.pass();
        // As others read it: without the user, who is not recorded.
        Peer seen = new Peer(me.pid(), me.startTicks(), me.bootId(), me.pidNamespace(), -1, -1);
        Attachment mine = new Attachment(this, new Party(slot, generation, role, seen), attached);
        own.put(slot, mine);
        // volatile: and then looks whether the region is being removed, while who removes it says
        // so and then looks who is attached: one of the two sees the other
        WORD.setVolatile(memory, at + STATE, attached);
        KillPoint.pass();
        if ((Header.flags(memory) & Header.REMOVED) != 0) {
            mine.close();
            throw new NotFound("attach(" + region + "): it is being removed; create it");
        }
        // Who sleeps shall watch this party, too.
        region.wakeAll();
        return mine;
    }
}
