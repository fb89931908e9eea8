// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.Denied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
    @Test
    void shouldSayWhatToDoWhereTheCallDoesNot() {
        for (int errno = 1; errno < 140; errno++) {
            assertThat(Errors.of("fstat(3)", errno, "").getMessage())
                    .matches("fstat\\(3\\): \\S.* \\(.+\\); \\S.*");
        }
        assertThat(Errors.of("sem_wait(/lock)", 22, "").getMessage())
                .isEqualTo(
                        "sem_wait(/lock): EINVAL (Invalid argument); when that is: man sem_wait");
    }

    @ParameterizedTest
    @CsvSource({"13, may not: its owner", "1, may not: its owner", "24, ulimit -n", "23, is "})
    void shouldNameTheKnobOrTheUser(int errno, String advice) {
        String message = Errors.of("open(\"/x\")", -errno, "").getMessage();
        assertThat(message).contains(advice).doesNotContain("unknown");
        if (errno == 13) {
            assertThat(Errors.of("open(\"/x\")", errno, "")).isInstanceOf(Denied.class);
            assertThat(message).contains("user " + System.getProperty("user.name") + " may not");
        }
    }

    @Test
    void shouldNotSpeakOfDisksWhereTooMuchIsWaitedFor() {
        assertThat(Errors.of("epoll_ctl(EPOLL_CTL_ADD, 7)", 28, "").getMessage())
                .contains("/proc/sys/fs/epoll/max_user_watches is ")
                .doesNotContain("df");
        assertThat(Errors.of("write(7)", 28, "").getMessage()).endsWith("df shows where");
    }

    @Test
    void shouldKeepTheAdviceOfTheCall() {
        assertThat(Errors.of("open(\"/x\")", 2, "make it").getMessage())
                .isEqualTo("open(\"/x\"): ENOENT (No such file or directory); make it");
    }

    @Test
    void shouldReadAWholeNumberFromTheKernel() throws IOException {
        // Files.readString gets the first digit.
        try (Stream<String> lines = Files.lines(Path.of("/proc/sys/fs/file-max"))) {
            assertThat(List.of(Knob.read("fs/file-max"))).isEqualTo(lines.toList());
        }
        assertThat(Knob.number("kernel/pid_max", -1)).isGreaterThan(100);
        assertThat(Knob.read("kernel/sem").split(" ")).hasSize(4);
        assertThat(Knob.read("none/such")).isEqualTo("unknown");
        assertThat(Knob.number("none/such", 7)).isEqualTo(7);
    }
}
