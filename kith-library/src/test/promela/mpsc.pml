// SPDX-License-Identifier: Apache-2.0
/*
 * Claims of many producers, as dev.kith.ring.MpscClaimer, Drainer and Gap make and take them:
 * whoever dies between which steps, what was published is received, whole and once (twice only in
 * the hand of a consumer that dies); what was claimed and not published is skipped once, and only
 * when its producer is dead; and nobody waits for ever.
 *
 * Each step is one access to shared memory. Positions are units, a claim takes 1 or 2; the ring
 * does not come round. A slot is given out again as soon as Gap.isSettled says so.
 *
 * Broken on purpose, each to be caught:
 *   -DNOTE_LATE      a producer notes its claim after it has won
 *   -DNOTES_FIRST    the consumer reads the cursor after the notes
 *   -DNO_SECOND      it does not read the place again after the notes
 *   -DREUSE          a slot is given out again before its note is settled
 *   -DLONGEST        of several dead that noted the place it takes the longest claim
 */
/* Checked with these, and with 2 slots and 1 more party. */
#ifndef SLOTS
#define SLOTS 3
#endif
#define NONE 99
#ifndef END
#define END 3           /* units */
#endif
#ifndef MORE
#define MORE 0          /* parties that come for the slots of the dead */
#endif

byte cursor;            /* position, */
byte winner;            /* and slot: one word */
byte word[END];         /* 0, or the units of the record that begins there */
byte notePosition[SLOTS] = NONE;
byte noteUnits[SLOTS];
bool alive[SLOTS];
byte taken;

/* What only this model knows. */
byte claimed[END];      /* units of the claim that begins there */
byte claimant[END];     /* its slot, */
byte claimantBorn[END]; /* and which of those who had the slot */
byte born[SLOTS];
byte received[END];
bool skipped[END];
byte consumersDead;
byte dead;

/* One access of a producer that has not been killed; one that has stops there for ever. */
#define LIVES (alive[slot] && born[slot] == mine)
#define STEP(what) atomic { LIVES -> what }

proctype Producer(byte slot) {
    byte mine = born[slot];
    byte at, by, units;
again:
    STEP(at = cursor; by = winner);
    if
    :: units == 0 && at + 1 <= END -> units = 1
    :: units == 0 && at + 2 <= END -> units = 2
    :: units != 0 && at + units <= END
    :: at + units > END || at == END -> STEP(notePosition[slot] = NONE); goto done
    fi;
#ifndef NOTE_LATE
    STEP(notePosition[slot] = NONE);
    STEP(noteUnits[slot] = units);
    STEP(notePosition[slot] = at);
#endif
    if
    :: atomic {
            LIVES && cursor == at && winner == by ->
            cursor = at + units; winner = slot;
            claimed[at] = units; claimant[at] = slot; claimantBorn[at] = mine
        }
    :: atomic { LIVES && !(cursor == at && winner == by) -> goto again }
    fi;
#ifdef NOTE_LATE
    STEP(notePosition[slot] = NONE);
    STEP(noteUnits[slot] = units);
    STEP(notePosition[slot] = at);
#endif
    STEP(word[at] = units); /* the payload came before it: release */
done:
    atomic { at = 0; by = 0; units = 0 }
end:
    false   /* lives on, and does nothing */
}

/* Takes the slot of one that is dead: its note goes with it. */
proctype Successor(byte slot) {
    byte note;
    !alive[slot];
#ifndef REUSE
retry:
    note = notePosition[slot];
    if
    :: note == NONE || note < taken || noteUnits[slot] == 0
    :: else ->
        if
        :: word[note] != 0
        :: else -> word[note] != 0 || taken > note -> goto retry
        fi
    fi;
#endif
    atomic { !alive[slot] -> alive[slot] = true; born[slot]++ };
    notePosition[slot] = 0;
    noteUnits[slot] = 0;
    notePosition[slot] = NONE;
    run Producer(slot)
}

/* SIGKILL, at most twice. */
active proctype Killer() {
end:
    do
    :: atomic { dead < 2 && alive[0] -> alive[0] = false; dead++ }
    :: atomic { dead < 2 && alive[1] -> alive[1] = false; dead++ }
#if SLOTS > 2
    :: atomic { dead < 2 && alive[2] -> alive[2] = false; dead++ }
#endif
    od
}

#define VALID(p) ((p) < END && word[p] != 0)

proctype Consumer() {
    byte at, slot, last, lastSlot, units, candidates, only, sure, shortest, other;
    bool living, claimedThere;
start:
    at = taken;
next:
    skip;
    d_step {
        slot = 0; last = 0; lastSlot = 0; units = 0; candidates = 0; only = 0; sure = 0;
        shortest = NONE; other = 0; living = false; claimedThere = false
    }
    atomic { at < END && (word[at] != 0 || cursor > at) };
    if
    :: VALID(at) ->
        atomic {
            assert(claimed[at] == word[at]);
            assert(!skipped[at]);
            received[at]++;
            assert(received[at] <= 1 + consumersDead)
        };
        if
        :: at = at + word[at]
        :: consumersDead == 0 -> consumersDead++; goto start
        fi;
        taken = at;
        goto next
    :: else
    fi;
#ifndef NOTES_FIRST
    atomic { last = cursor; lastSlot = winner };
#endif
    do
    :: slot < SLOTS ->
        units = 0;
        if
        :: notePosition[slot] == at -> units = noteUnits[slot]
        :: else
        fi;
        if
        :: units != 0 ->            /* 0: nothing was noted there yet */
            living = alive[slot];
            if
            :: living ->
                /* comes again when something has changed */
                atomic { word[at] != 0 || !alive[slot] || notePosition[slot] != at };
                goto next
            :: else
            fi;
#ifdef NOTES_FIRST
            if
            :: units > 0 ->
#else
            if
            :: units > 0 && at + units <= last ->
#endif
                candidates++;
                only = units;
                if
                :: lastSlot == slot && at + units == last -> sure = units
                :: else ->
                    /* is there a claim at its end? */
                    claimedThere = false;
                    other = 0;
                    do
                    :: other < SLOTS ->
                        if
                        :: notePosition[other] == at + units -> claimedThere = true
                        :: else
                        fi;
                        other++
                    :: else -> break
                    od;
                    if
                    :: claimedThere || VALID(at + units) ->
                        if
#ifdef LONGEST
                        :: shortest == NONE || units > shortest -> shortest = units
#else
                        :: units < shortest -> shortest = units
#endif
                        :: else
                        fi
                    :: else
                    fi
                fi
            :: else
            fi
        :: else
        fi;
        slot++
    :: else -> break
    od;
#ifdef NOTES_FIRST
    atomic { last = cursor; lastSlot = winner };
#endif
#ifndef NO_SECOND
    if
    :: word[at] != 0 -> goto next
    :: else
    fi;
#endif
    if
    :: candidates == 1 -> units = only
    :: candidates != 1 && sure != 0 -> units = sure
    :: candidates != 1 && sure == 0 -> units = shortest
    fi;
    atomic {
        assert(units != NONE);          /* else: Broken, though nothing is */
        assert(units == claimed[at]);
        assert(word[at] == 0);          /* what was published is not skipped */
        assert(!alive[claimant[at]] || born[claimant[at]] != claimantBorn[at]);
        assert(!skipped[at]);
        skipped[at] = true;
        at = at + units;
        taken = at
    };
    if
    :: goto next
    :: consumersDead == 0 -> consumersDead++; goto start
    fi
}

init {
    byte p;
    atomic {
        alive[0] = true; alive[1] = true;
        run Producer(0); run Producer(1);
#if SLOTS > 2
        alive[2] = true; run Producer(2);
#endif
#if MORE > 0
        run Successor(0);
#endif
#if MORE > 1
        run Successor(1);
#endif
        run Consumer()
    }
    timeout;    /* nobody can do anything any more */
    assert(taken == cursor);
    p = 0;
    do
    :: p < END ->
        assert(word[p] == 0 || received[p] >= 1);
        assert(!(received[p] > 0 && skipped[p]));
        p++
    :: else -> break
    od
}
