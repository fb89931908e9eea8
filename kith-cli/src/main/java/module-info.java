// SPDX-License-Identifier: Apache-2.0
/** The command {@code kith}. */
module dev.kith.cli {
    requires dev.kith;
    requires info.picocli;

    uses dev.kith.Inventory;
}
