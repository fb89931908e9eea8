// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.kernel.SysWait;
import org.junit.jupiter.api.Test;

class ExitStatusTest {
    @Test
    void shouldSayHowAProcessEndedInWords() {
        assertThat(new ExitStatus(0)).hasToString("exit 0 (success)");
        assertThat(new ExitStatus(143)).hasToString("exit 143 (ended by SIGTERM)");
        assertThat(new ExitStatus(-11))
                .hasToString("signal 11 (killed by SIGSEGV: a crash in native code)");
        assertThat(new ExitStatus(-64)).hasToString("signal 64 (killed by signal 64)");
        assertThat(new ExitStatus(0).isSuccess()).isTrue();
        assertThat(new ExitStatus(1).isSuccess()).isFalse();
        assertThat(new ExitStatus(-9).signal()).hasValue(9);
        assertThat(new ExitStatus(9).signal()).isEmpty();
    }

    @Test
    void shouldReadTheStatusOfTheKernel() {
        assertThat(SysWait.code(7 << 8)).isEqualTo(7);
        assertThat(SysWait.code(9)).isEqualTo(-9);
        assertThat(SysWait.code(6 | 0x80)).isEqualTo(-6);
    }
}
