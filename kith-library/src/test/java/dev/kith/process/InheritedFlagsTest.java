// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InheritedFlagsTest {
    @Test
    void shouldPassOnWhatDecidesWhichCodeThereIsAndWhatItMayDo() {
        assertThat(
                        InheritedFlags.of(
                                List.of(
                                        "-Dmine=1",
                                        "--add-opens",
                                        "java.base/java.util=ALL-UNNAMED",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "--enable-preview",
                                        "-ea:com.acme...",
                                        "-Xss2m",
                                        "-cp",
                                        "a:b",
                                        "Main",
                                        "-Dargument=1")))
                .containsExactly(
                        "-Dmine=1",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "--enable-preview",
                        "-ea:com.acme...",
                        "-Xss2m");
    }

    @Test
    void shouldNotPassOnMemoryAgentsCachesAndLogs() {
        assertThat(
                        InheritedFlags.of(
                                List.of(
                                        "-Xmx8g",
                                        "-XX:+UseZGC",
                                        "-agentlib:jdwp=server=y",
                                        "-javaagent:x.jar",
                                        "-XX:AOTCache=x.aot",
                                        "-XX:StartFlightRecording",
                                        "-Xlog:gc:file=gc.log",
                                        "-Dcom.sun.management.jmxremote.port=9",
                                        "-Djava.class.path=x",
                                        "-p",
                                        "mods",
                                        "-m",
                                        "app/app.Main",
                                        "-ea")))
                .isEmpty();
    }

    @Test
    void shouldKnowVariablesThatWouldHarmEveryChild() {
        assertThat(InheritedFlags.isHarmful("-Dx=1 -agentlib:jdwp=transport=dt_socket")).isTrue();
        assertThat(InheritedFlags.isHarmful("-javaagent:a.jar")).isTrue();
        assertThat(InheritedFlags.isHarmful("-Dcom.sun.management.jmxremote.port=1")).isTrue();
        assertThat(InheritedFlags.isHarmful("-Xmx1g -Dx=1")).isFalse();
    }
}
