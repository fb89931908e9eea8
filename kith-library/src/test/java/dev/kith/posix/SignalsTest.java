// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.Denied;
import dev.kith.NotFound;
import dev.kith.Waitable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SignalsTest {
    @Test
    void shouldRunTheHandlerOnAKillFromAShell() throws Exception {
        List<String> names = List.of("HUP", "INT", "SIGUSR1", "sigchld", "CONT", "WINCH", "ALRM");
        try (SignalChild child =
                SignalChild.jvm(
                        Stream.concat(Stream.of("handle"), names.stream())
                                .toArray(String[]::new))) {
            assertThat(child.line()).isEqualTo("ready");
            for (String each : names) {
                String name = each.toUpperCase(Locale.ROOT).replace("SIG", "");
                assertThat(SignalChild.exitValue("sh", "-c", "kill -" + name + " " + child.pid()))
                        .isZero();
                assertThat(child.line()).isEqualTo("signal " + name);
            }
        }
    }

    @Test
    void shouldRunTheHandlerOnOsKillFromPython() throws Exception {
        try (SignalChild child = SignalChild.jvm("handle", "USR1")) {
            assertThat(child.line()).isEqualTo("ready");
            String script = "import os, signal; os.kill(" + child.pid() + ", signal.SIGUSR1)";
            try (SignalChild python = SignalChild.python(script)) {
                assertThat(child.line()).isEqualTo("signal USR1");
                assertThat(python.end()).isZero();
            }
        }
    }

    @Test
    void shouldExitAsTheHandlerOfTermSays() throws Exception {
        try (SignalChild child = SignalChild.jvm("term")) {
            assertThat(child.line()).isEqualTo("ready");
            Signals.send(child.pid(), "TERM");
            assertThat(child.line()).isEqualTo("signal TERM");
            assertThat(child.end()).isZero();
        }
    }

    @Test
    void shouldRunEveryHandlerAndAfterTheLastDoAsBefore() throws Exception {
        try (SignalChild child = SignalChild.jvm("two-handlers", "USR1")) {
            assertThat(child.line()).isEqualTo("ready");
            Signals.send(child.pid(), "USR1");
            assertThat(child.line()).isEqualTo("first");
            assertThat(child.line()).isEqualTo("of the first");
            assertThat(child.line()).isEqualTo("second");
            child.tell("close");
            assertThat(child.line()).isEqualTo("closed");
            Signals.send(child.pid(), "SIGUSR1");
            assertThat(child.line()).isEqualTo("second");
            child.tell("close");
            assertThat(child.line()).isEqualTo("closed");
            Signals.send(child.pid(), "10");
            assertThat(child.end()).isEqualTo(128 + 10);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USR2: the JVM suspends",
                "QUIT: the JVM prints its thread dump",
                "SEGV: the JVM's compiled code",
                "BUS: the JVM's compiled code",
                "FPE: the JVM's compiled code",
                "ILL: the JVM's compiled code",
                "TRAP: the JVM's compiled code",
                "PIPE: the JVM ignores it",
                "XFSZ: the JVM ignores it",
                "KILL: the kernel lets no program",
                "STOP: the kernel lets no program",
                "RTMAX-2: the JDK wakes",
                "62: the JDK wakes",
                "32: the C library",
                "33: the C library",
                "RTMIN+10: Kith wakes"
            })
    void shouldRefuseWhatOthersNeedAndSayWhy(String signalAndReason) {
        String signal = signalAndReason.substring(0, signalAndReason.indexOf(':'));
        String reason = signalAndReason.substring(signal.length());
        String message = Signals.name(Signals.number(signal)) + " is not free in a JVM" + reason;
        assertThatThrownBy(() -> Signals.on(signal, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Signals.on(\"" + signal + "\"): " + message);
        assertThatThrownBy(() -> Signals.await(signal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> Signals.block(signal))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldPointToTheQueueForRealTimeSignals() {
        assertThatThrownBy(() -> Signals.on("RTMIN+6", _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SignalQueue");
    }

    @Test
    void shouldNameTheKnownSignalsWhenOneIsNot() {
        for (String wrong : List.of("USR3", "", "0", "65", "RTMIN+31", "RTMAX-99", "SIG", "-1")) {
            assertThatThrownBy(() -> Signals.number(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no signal \"" + wrong + "\": known are HUP INT QUIT");
        }
        assertThatThrownBy(() -> Signals.name(65)).hasMessage("no signal 65: least=1, most=64");
    }

    @Test
    void shouldSayHowToGetTheModuleThatIsMissing() throws Exception {
        assertThat(refusal("--limit-modules=java.base", "USR1"))
                .contains("--add-modules jdk.unsupported");
    }

    @Test
    void shouldSayThatTheJvmWasStartedWithoutSignals() throws Exception {
        assertThat(refusal("-Xrs", "INT")).startsWith("Signals.on(\"INT\"): the JVM refuses it");
    }

    @Test
    void shouldKnowNamesAndNumbers() {
        assertThat(Signals.all())
                .containsEntry("HUP", 1)
                .containsEntry("USR1", 10)
                .containsEntry("CHLD", 17)
                .containsEntry("SYS", 31)
                .containsEntry("RTMAX", 64);
        Signals.all()
                .forEach((name, number) -> {
                    assertThat(Signals.name(number)).isEqualTo(name);
                    assertThat(Signals.number("SIG" + name)).isEqualTo(number);
                });
        assertThat(Signals.number("CLD")).isEqualTo(17);
        assertThat(Signals.number("rtmin+6")).isEqualTo(Signals.number("RTMAX-24"));
        // what the shell says
        Signals.all()
                .forEach((name, number) -> {
                    if (number < 32) {
                        assertThat(SignalChild.exitValue("env", "--ignore-signal=" + name, "true"))
                                .as(name)
                                .isEqualTo(
                                        SignalChild.exitValue(
                                                "env", "--ignore-signal=" + number, "true"));
                    }
                });
    }

    @Test
    void shouldSayThatThereIsNoSuchProcess() throws Exception {
        long gone;
        try (SignalChild child = SignalChild.run("true")) {
            gone = child.pid();
            child.end();
        }
        assertThatThrownBy(() -> Signals.send(gone, "USR1"))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "kill("
                                + gone
                                + ", SIGUSR1): ESRCH (No such process); no process has this number"
                                + " now");
        assertThatThrownBy(() -> Signals.send(gone, "USR1", 7))
                .isInstanceOf(NotFound.class)
                .hasMessageStartingWith("sigqueue(" + gone + ", SIGUSR1, 7): ESRCH");
        for (long wrong : new long[] {0, -1, 1L << 31}) {
            assertThatThrownBy(() -> Signals.send(wrong, "USR1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pid=" + wrong + ", least=1");
        }
    }

    @Test
    void shouldSayThatTheProcessIsAnotherUsers() throws Exception {
        String expected = "EPERM (Operation not permitted); only root (CAP_KILL)";
        if (!System.getProperty("user.name").equals("root")) {
            assertThatThrownBy(() -> Signals.send(1, "URG"))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining(expected);
            return;
        }
        assumeTrue(SignalChild.exitValue("setpriv", "--version") == 0, "setpriv is not installed");
        List<String> powerless = List.of("setpriv", "--bounding-set=-kill", "--inh-caps=-kill");
        try (SignalChild sleep = SignalChild.run("setpriv", "--reuid=65534", "sleep", "60")) {
            while (!Files.getAttribute(Path.of("/proc/" + sleep.pid()), "unix:uid").equals(65534)) {
                Thread.sleep(10);
            }
            try (SignalChild child =
                    SignalChild.jvm(powerless, "deny", Long.toString(sleep.pid()))) {
                assertThat(child.line()).contains(expected);
            }
        }
    }

    @Test
    void shouldAwaitASignalThatIsNotBlocked() throws Exception {
        try (SignalChild child = SignalChild.jvm("await", "USR1", "HUP")) {
            assertThat(child.line()).isEqualTo("ready");
            for (String each : List.of("HUP", "USR1")) {
                child.tell("wait");
                assertThat(child.line()).isEqualTo("waiting");
                awaitCaught(child.pid(), Signals.number("USR1"));
                Signals.send(child.pid(), each);
                assertThat(child.line()).isEqualTo("came " + each);
            }
        }
    }

    @Test
    void shouldMissNoBlockedSignal() throws Exception {
        try (SignalChild child =
                SignalChild.jvm(SignalChild.blocking("USR1,RTMIN+2"), "await", "USR1", "RTMIN+2")) {
            assertThat(child.line()).isEqualTo("ready");
            Signals.send(child.pid(), "USR1");
            Signals.send(child.pid(), "RTMIN+2", 1);
            Signals.send(child.pid(), "RTMIN+2", 2);
            for (String each : List.of("USR1", "RTMIN+2", "RTMIN+2")) {
                child.tell("wait");
                assertThat(child.line()).isEqualTo("waiting");
                assertThat(child.line()).isEqualTo("came " + each);
            }
        }
    }

    @Test
    void shouldAwaitForALimitedTimeAndUntilInterrupted() throws Exception {
        long start = System.nanoTime();
        assertThat(Signals.await(Duration.ofMillis(50), "WINCH")).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        FutureTask<Object> waiting =
                new FutureTask<>(() -> {
                    try {
                        return Signals.await("WINCH");
                    } catch (InterruptedException expected) {
                        return expected;
                    }
                });
        Thread thread = Thread.startVirtualThread(waiting);
        Thread.sleep(50);
        thread.interrupt();
        assertThat(waiting.get()).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> Signals.await()).hasMessage("Signals.await: no signal named");
    }

    @Test
    void shouldBlockInTheCallingPlatformThreadOnly() throws Exception {
        FutureTask<Object> platform =
                new FutureTask<>(() -> {
                    try (var _ = Signals.block("USR1")) {
                        try (Waitable.Registration inner = Signals.block("USR1", "RTMIN+3")) {
                            assertThat(Signals.mask()).contains("USR1", "RTMIN+3");
                            FutureTask<Object> other = new FutureTask<>(inner::close, null);
                            Thread.ofPlatform().start(other);
                            assertThatThrownBy(other::get)
                                    .hasCauseInstanceOf(IllegalStateException.class);
                        }
                        assertThat(Signals.mask()).contains("USR1").doesNotContain("RTMIN+3");
                    }
                    return Signals.mask();
                });
        Thread.ofPlatform().start(platform);
        assertThat(platform.get().toString()).doesNotContain("USR1");
        FutureTask<Object> virtual = new FutureTask<>(() -> Signals.block("USR1"));
        Thread.startVirtualThread(virtual);
        assertThatThrownBy(virtual::get)
                .hasCauseInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("a virtual thread has no signal mask");
    }

    private static String refusal(String option, String signal) throws Exception {
        try (SignalChild child =
                SignalChild.jvm(List.of("env", "JDK_JAVA_OPTIONS=" + option), "refuse", signal)) {
            return child.rest().getLast();
        }
    }

    /** Waits until a process has a handler for a signal. */
    private static void awaitCaught(long pid, int signal) throws InterruptedException {
        while ((SignalStatus.of(Path.of("/proc/" + pid)).caught() & 1L << (signal - 1)) == 0) {
            Thread.sleep(5);
        }
    }
}
