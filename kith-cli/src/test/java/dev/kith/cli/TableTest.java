// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void shouldAlignColumnsWithoutTrailingSpaces() {
        Table table = new Table();
        table.row("a", "long", "x");
        table.row("bcd", "e", "");

        assertThat(table).hasToString("a    long  x\nbcd  e\n");
    }

    @Test
    void shouldCountAnIdeographAsTwoColumns() {
        Table table = new Table();
        table.row("管道", "x");
        table.row("abcd", "y");

        assertThat(table).hasToString("管道  x\nabcd  y\n");
    }
}
