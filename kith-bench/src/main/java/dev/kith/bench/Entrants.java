// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who takes part in the rows on a field: the parties, and what the report calls them. */
record Entrants(Field field) {
    static final String C_LINE = "c-line";
    static final String C_RING = "C ring";
    static final String KITH = "Kith";
    static final String AGRONA = "Agrona";
    static final String AERON = "Aeron";

    /** The capacity at which Agrona and Aeron are best. */
    static final int TERM = 16 * Field.MIB;

    /** One cache line each way, in C. */
    CParty cLine() {
        return new CParty(C_LINE, field.programs(), "spin", Map.of());
    }

    /** The C port of the ring, called after its capacity. */
    CParty cRing(int capacity) {
        return cRing(named(C_RING, capacity), Map.of("CAPACITY", capacity));
    }

    CParty cRing(String name, Map<String, Integer> macros) {
        return new CParty(name, field.programs(), "shm", macros);
    }

    /** One that waits for a message every so often. */
    CParty cFutex(int pauseMicros) {
        return new CParty("C futex", field.programs(), "futex", Map.of(), pauseMicros, false);
    }

    /** Half a round trip of a futex. */
    CParty halfFutex() {
        return new CParty("C futex / 2", field.programs(), "futex", Map.of(), 0, true);
    }

    CParty memcpy() {
        return new CParty("memcpy", field.programs(), "copy", Map.of());
    }

    /** A sender and a receiver that spin. */
    JvmParty pair(String name, Library library, int capacity, How how) {
        Course course = new Course(library, Flavour.ONE_TO_ONE, capacity, Idle.SPIN, how);
        return new JvmParty(name, course, flags());
    }

    /** The same, called after its capacity. */
    JvmParty sized(String name, Library library, int capacity, How how) {
        return pair(named(name, capacity), library, capacity, how);
    }

    /** A sender and a receiver of Kith, called after how they wait. */
    JvmParty waits(Idle idle) {
        Course course = new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.SMALL, idle, How.CLAIM);
        return new JvmParty(KITH + " " + idle, course, flags());
    }

    /** More than two, called after their capacity and how they wait. */
    JvmParty crowd(
            String name, Library library, Flavour flavour, int capacity, Idle idle, How how) {
        String full = named(name, capacity) + " " + idle.name().toLowerCase(Locale.ROOT);
        return new JvmParty(full, new Course(library, flavour, capacity, idle, how), flags());
    }

    List<String> flags() {
        return JvmParty.withNativeAccess(field.flags());
    }

    static String named(String party, int capacity) {
        return party + " " + Field.size(capacity);
    }

    static List<String> names(List<? extends Party> parties) {
        return parties.stream().map(Party::name).toList();
    }
}
