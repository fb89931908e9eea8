// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Peer;
import dev.kith.memory.AttachTable;
import dev.kith.memory.Party;
import java.util.Optional;

/** Who is attached to a ring, and whether they live. */
interface Parties {
    /** Whether a living party has the slot. */
    boolean isAlive(int slot);

    /** Whether a living party has the slot, and it is the one of that generation. */
    boolean isAlive(int slot, int generation);

    /** The process that has the slot, or had it last. */
    Optional<Peer> peer(int slot);

    /** Those of an attach table. */
    static Parties of(AttachTable table) {
        return new Parties() {
            @Override
            public boolean isAlive(int slot) {
                return table.isAlive(slot);
            }

            @Override
            public boolean isAlive(int slot, int generation) {
                return table.isAlive(new Party(slot, generation, 0, Peer.current()));
            }

            @Override
            public Optional<Peer> peer(int slot) {
                return table.party(slot).map(Party::peer);
            }
        };
    }
}
