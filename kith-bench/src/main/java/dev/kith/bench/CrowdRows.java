// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static dev.kith.bench.Entrants.AERON;
import static dev.kith.bench.Entrants.AGRONA;
import static dev.kith.bench.Entrants.KITH;
import static dev.kith.bench.Entrants.TERM;
import static dev.kith.bench.Entrants.names;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.util.List;
import java.util.stream.Stream;

/** The rows of three processes on two processors: all yield, or sleep. */
final class CrowdRows {
    private final Field field;
    private final Entrants entrants;

    CrowdRows(Field field) {
        this.field = field;
        this.entrants = new Entrants(field);
    }

    /** Two senders, one receiver. */
    Row many() {
        Flavour flavour = Flavour.MANY_TO_ONE;
        List<JvmParty> rivals =
                List.of(
                        agrona(flavour, Field.MIB, Idle.YIELD),
                        agrona(flavour, TERM, Idle.YIELD),
                        agrona(flavour, TERM, Idle.BLOCK),
                        aeron(AERON, flavour, Idle.YIELD, How.CLAIM),
                        aeron(AERON, flavour, Idle.BLOCK, How.CLAIM),
                        aeron(AERON + " one log", flavour, Idle.YIELD, How.SHARED_CLAIM));
        return row("many", "2 senders", flavour, rivals, 2, 1);
    }

    /** One sender, two receivers of all. */
    Row broadcast() {
        Flavour flavour = Flavour.BROADCAST;
        List<JvmParty> rivals =
                List.of(
                        aeron(AERON, flavour, Idle.YIELD, How.CLAIM),
                        aeron(AERON, flavour, Idle.BLOCK, How.CLAIM));
        return row("broadcast", "2 subscribers", flavour, rivals, 1, 2);
    }

    private Row row(
            String name,
            String what,
            Flavour flavour,
            List<JvmParty> rivals,
            int sources,
            int sinks) {
        List<JvmParty> kith =
                List.of(
                        kith(flavour, Field.SMALL, Idle.BLOCK),
                        kith(flavour, Field.MIB, Idle.YIELD),
                        kith(flavour, field.capacity(), Idle.YIELD),
                        kith(flavour, field.capacity(), Idle.BLOCK));
        List<Party> parties =
                Stream.concat(kith.stream(), rivals.stream())
                        .distinct() // --capacity may be one of the others
                        .<Party>map(party -> party.between(sources, sinks))
                        .toList();
        return new ContestRow(
                name,
                what,
                field,
                parties,
                List.of(field.stream(64)),
                Unit.MESSAGES,
                (cell, distance) -> List.of(Bar.time(names(kith), names(rivals), 1, 1 / 1.1)));
    }

    private JvmParty kith(Flavour flavour, int capacity, Idle idle) {
        return entrants.crowd(KITH, Library.KITH, flavour, capacity, idle, How.OFFER);
    }

    private JvmParty agrona(Flavour flavour, int capacity, Idle idle) {
        return entrants.crowd(AGRONA, Library.AGRONA, flavour, capacity, idle, How.CLAIM);
    }

    private JvmParty aeron(String name, Flavour flavour, Idle idle, How how) {
        return entrants.crowd(name, Library.AERON, flavour, TERM, idle, how);
    }
}
