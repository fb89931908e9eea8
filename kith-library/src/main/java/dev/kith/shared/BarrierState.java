// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/**
 * The state of a {@link SharedBarrier}, all of it in one word:
 *
 * <pre>
 *  63      44 43        21 20    11 10     8 7       0
 *  history    generation   slot     reason   arrived
 *
 *  from                     to                                by
 *  arrived n                arrived n + 1                     who arrives
 *  arrived all              next generation, 0 arrived,       who arrived last, after the action
 *                           history: 1
 *  reason 0                 reason, slot of who broke it      who gives up, or notices a death
 *  any                      next generation, 0 arrived,       reset
 *                           reason 0, history: 0
 * </pre>
 *
 * <p>Each is a compare-and-set, so a death leaves the state before or after. The lowest bit of the
 * history says how the last generation ended, the next how the one before did; so who waited, and
 * runs late, knows how his has ended.
 */
record BarrierState(long word) {
    /** Why it is broken. */
    enum Reason {
        NONE("is not broken"),
        TIMED_OUT("did not wait any longer"),
        INTERRUPTED("was interrupted"),
        CLOSED("closed its handle while it waited"),
        FAILED("failed in its action"),
        DIED("has died"),
        ABORTED("has aborted it");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How a generation ended. */
    enum Outcome {
        NONE,
        TRIPPED,
        BROKEN,
        RESET
    }

    private static final int ARRIVED_MASK = 0xff;
    private static final int REASON_SHIFT = 8;
    private static final int REASON_MASK = 7;
    private static final int SLOT_SHIFT = 11;
    private static final int SLOT_MASK = 0x3ff;
    private static final int GENERATION_SHIFT = 21;
    private static final int GENERATION_BITS = 23;
    private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
    private static final int HISTORY_SHIFT = GENERATION_SHIFT + GENERATION_BITS;
    private static final int HISTORY_BITS = Long.SIZE - HISTORY_SHIFT;

    int arrived() {
        return (int) word & ARRIVED_MASK;
    }

    Reason reason() {
        return Reason.values()[
                Math.min((int) (word >>> REASON_SHIFT) & REASON_MASK, Reason.ABORTED.ordinal())];
    }

    boolean isBroken() {
        return reason() != Reason.NONE;
    }

    /** Of who broke it. */
    int slot() {
        return (int) (word >>> SLOT_SHIFT) & SLOT_MASK;
    }

    int generation() {
        return (int) (word >>> GENERATION_SHIFT) & GENERATION_MASK;
    }

    BarrierState oneMore() {
        return new BarrierState(word + 1);
    }

    BarrierState broken(Reason reason, int slot) {
        return new BarrierState(
                word | (long) reason.ordinal() << REASON_SHIFT | (long) slot << SLOT_SHIFT);
    }

    /** The next generation. */
    BarrierState next(boolean tripped) {
        long history = word >>> HISTORY_SHIFT << 1 | (tripped ? 1 : 0);
        long next = generation() + 1 & GENERATION_MASK;
        return new BarrierState(history << HISTORY_SHIFT | next << GENERATION_SHIFT);
    }

    /**
     * How a generation ended. Of one that ended very long ago it is not known, and taken for well.
     */
    Outcome outcome(int generation) {
        int since = generation() - generation & GENERATION_MASK;
        if (since == 0) {
            return isBroken() ? Outcome.BROKEN : Outcome.NONE;
        }
        boolean tripped = since > HISTORY_BITS || (word >>> HISTORY_SHIFT + since - 1 & 1) != 0;
        return tripped ? Outcome.TRIPPED : Outcome.RESET;
    }
}
