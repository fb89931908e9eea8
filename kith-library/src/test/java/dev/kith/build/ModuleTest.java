// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.IpcException;
import org.junit.jupiter.api.Test;

/**
 * The suite runs twice, as the named module with native access for it alone and on the class path.
 * A test run that silently fell back from the one to the other would prove half of what it says.
 */
class ModuleTest {
    @Test
    void shouldRunAsTheBuildMeantIt() {
        Module library = IpcException.class.getModule();
        assertThat(library.isNamed() ? "module" : "class path")
                .isEqualTo(System.getProperty("kith.run", "module"));
        assertThat(library.isNativeAccessEnabled()).isTrue();
        assertThat(getClass().getModule()).isSameAs(library);
    }
}
