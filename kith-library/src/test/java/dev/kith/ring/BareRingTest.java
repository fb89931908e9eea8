// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kith.ChildJvm;
import dev.kith.bare.RingTalk;
import dev.kith.bare.RingWaits;
import dev.kith.test.LeavesNothingBehind;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that were started without a flag, of which none may say a word on stderr. */
@Timeout(120)
@LeavesNothingBehind
class BareRingTest {
    private static final long SUM = 200 * 201 / 2 + 200;

    /** How a program is started. */
    private enum Way {
        BARE_ON_THE_CLASS_PATH,
        BARE_AGAINST_THE_MODULE,
        NATIVE
    }

    @ParameterizedTest(name = "{0} asks {1}")
    @MethodSource("pairs")
    void shouldTalkInEveryWayToWait(Way asking, Way answering) throws Exception {
        String questions = Rings.freshName();
        String answers = Rings.freshName();
        Process answer = start(answering, RingTalk.class, "answer", questions, answers);
        try {
            Process ask = start(asking, RingTalk.class, "ask", questions, answers);
            try {
                CompletableFuture<String> whispered = errors(ask);
                assertThat(ask.inputReader().lines())
                        .containsExactly(
                                Arrays.stream(Waiter.values())
                                        .map(waiter -> waiter + " " + SUM)
                                        .toArray(String[]::new));
                assertThat(whispered.get()).isEmpty();
                assertThat(errors(answer).get()).isEmpty();
                assertThat(ask.waitFor()).isZero();
                assertThat(answer.waitFor()).isZero();
            } finally {
                ask.destroyForcibly().waitFor();
            }
        } finally {
            answer.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndEveryWait(Way way) throws Exception {
        Process program = start(way, RingWaits.class);
        try {
            CompletableFuture<String> whispered = errors(program);
            assertThat(program.inputReader().lines()).isEmpty();
            assertThat(whispered.get()).isEmpty();
            assertThat(program.waitFor()).isZero();
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldEndEveryWaitHere() throws Exception {
        assertThat(RingWaits.failures()).isEmpty();
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                arguments(Way.BARE_ON_THE_CLASS_PATH, Way.BARE_AGAINST_THE_MODULE),
                arguments(Way.BARE_AGAINST_THE_MODULE, Way.BARE_ON_THE_CLASS_PATH),
                arguments(Way.BARE_ON_THE_CLASS_PATH, Way.NATIVE),
                arguments(Way.NATIVE, Way.BARE_ON_THE_CLASS_PATH));
    }

    private static Process start(Way way, Class<?> program, String... arguments) throws Exception {
        String[] paths = ChildJvm.classPath().split(File.pathSeparator);
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        switch (way) {
            case BARE_ON_THE_CLASS_PATH -> command.addAll(List.of("-cp", ChildJvm.classPath()));
            case BARE_AGAINST_THE_MODULE ->
                    command.addAll(
                            List.of("-p", paths[0], "--add-modules", "dev.kith", "-cp", paths[1]));
            case NATIVE ->
                    command.addAll(
                            List.of(
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    ChildJvm.classPath()));
        }
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static CompletableFuture<String> errors(Process program) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                byte[] said = program.getErrorStream().readAllBytes();
                return new String(said, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
