// SPDX-License-Identifier: Apache-2.0
/*
 * Falling asleep and being woken, as dev.kith.memory.Parking does it: nobody sleeps over what was
 * published, however many sleep at one word, and whenever a publisher dies.
 *
 * A store of a publisher stays in its store buffer for a while, during which its later loads go
 * ahead (x86-64 does no worse; on aarch64 the release store and the later load may change places,
 * which is the same). The barrier of who falls asleep (membarrier) empties the buffers of all.
 *
 * Broken on purpose, each to be caught:
 *   -DNO_BARRIER    who falls asleep makes no barrier
 *   -DNO_SECOND     who falls asleep does not look again after it has said so
 *   -DONE_NUMBER    all who sleep write the same number, so that one mistakes what another has
 *                   written, after all were woken, for what it has itself
 *   -DOWN_NUMBER    each has a number and writes it again and again
 *   -DNO_ALARM      a death wakes nobody
 */
#define PUBLISHERS 2
#define SLEEPERS 2

byte published;                 /* what the memory says: a bit for each publisher */
byte buffered[PUBLISHERS];      /* stored, and not in the memory yet */
byte word;                      /* 0: all are awake; else what one who may be asleep has written */
byte numbers;                   /* how many were written */
bool asleep[SLEEPERS];          /* in the kernel's queue of this word */
bool dead[PUBLISHERS];

/* Sleeper i waits for what publisher i publishes. */
#define READY(i) ((published & (1 << (i))) != 0)

inline drain(p) { published = published | buffered[p]; buffered[p] = 0 }

inline wake_all() {
    atomic { asleep[0] = false; asleep[1] = false }
}

proctype Publisher(byte me) {
    bool sleeping;
    buffered[me] = 1 << me;             /* release store of what is published */
    sleeping = word != 0;               /* relaxed load; no fence before it */
    if
    :: sleeping ->
        atomic { drain(me); word = 0 }  /* volatile store */
        wake_all()                      /* FUTEX_WAKE */
    :: else
    fi
}

/* The hardware: what was stored comes into the memory some time, also of one that was killed. */
active proctype Memory() {
end:
    do
    :: atomic { buffered[0] != 0 -> drain(0) }
    :: atomic { buffered[1] != 0 -> drain(1) }
    od
}

/* A publisher that is killed after its store, and before it could wake anybody. */
proctype Killed(byte me) {
    buffered[me] = 1 << me;
    dead[me] = true
}

/* Of each process that waits: it is told of deaths and wakes who waits in it (Watch). */
active proctype Alarm() {
    byte p;
#ifndef NO_ALARM
end:
    do
    :: atomic { dead[0] && buffered[0] == 0 -> dead[0] = false; word = 0 } wake_all()
    :: atomic { dead[1] && buffered[1] == 0 -> dead[1] = false; word = 0 } wake_all()
    od
#endif
}

proctype Sleeper(byte me) {
    byte said;
    do
    :: READY(me) -> break
    :: else ->
        said = word;
        if
        :: said == 0 ->
#if defined(ONE_NUMBER)
            said = 1;
#elif defined(OWN_NUMBER)
            said = me + 1;
#else
            atomic { numbers++; said = numbers }
#endif
            word = said
        :: else
        fi;
#ifndef NO_BARRIER
        atomic { drain(0); drain(1) }   /* a full fence, and membarrier(2) */
#endif
#ifndef NO_SECOND
        if
        :: READY(me) -> break
        :: else
        fi;
#endif
        /* FUTEX_WAIT: the kernel compares and queues in one step */
        atomic {
            if
            :: word == said -> asleep[me] = true
            :: else
            fi
        }
end:
        !asleep[me]
    od
}

init {
    atomic {
        run Sleeper(0);
        run Sleeper(1);
        if
        :: run Publisher(0)
        :: run Killed(0)
        fi;
        run Publisher(1)
    }
    timeout;    /* nobody can do anything any more */
    assert(!(asleep[0] && READY(0)));
    assert(!(asleep[1] && READY(1)))
}
