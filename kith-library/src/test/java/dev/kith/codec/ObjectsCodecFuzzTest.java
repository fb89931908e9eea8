// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ObjectsCodecFuzzTest {
    /** In a heap that no lie about a length survives. */
    @Test
    @Timeout(300)
    void shouldEndInAValueOrInBrokenWhateverBytesArrive() throws IOException, InterruptedException {
        Process fuzz =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx24m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                ChildJvm.classPath(),
                                ObjectsCodecFuzz.class.getName())
                        .redirectErrorStream(true)
                        .start();
        try {
            String output = new String(fuzz.getInputStream().readAllBytes());

            assertThat(fuzz.waitFor()).as(output).isZero();
            assertThat(output).matches("values=[1-9]\\d* broken=[1-9]\\d*\\s*");
        } finally {
            fuzz.destroyForcibly();
        }
    }
}
