// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.List;

/**
 * The command: {@code rtt}, {@code ring}, {@code codec} and {@code stress}. Exit 0: done; 1:
 * something failed; 2: wrong usage.
 */
final class Bench {
    private static final String HELP =
            """
            usage: kith-bench/run rtt [OPTION]...     for example: kith-bench/run rtt --via pipe,tcp --quick
                   kith-bench/run ring [OPTION]...    for example: kith-bench/run ring --only ping,stream --quick
                   kith-bench/run codec [OPTION]...   for example: kith-bench/run codec --quick
                   kith-bench/run stress [OPTION]...  for example: kith-bench/run stress --mode quick

            """;

    private Bench() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        if (arguments.isEmpty() || arguments.contains("--help")) {
            System.out.print(
                    HELP
                            + Rtt.HELP
                            + "\n"
                            + RingBars.HELP
                            + "\n"
                            + CodecCosts.HELP
                            + "\n"
                            + Stress.HELP);
            return arguments.isEmpty() ? 2 : 0;
        }
        List<String> rest = arguments.subList(1, arguments.size());
        try {
            boolean well =
                    switch (arguments.getFirst()) {
                        case "rtt" -> Rtt.run(rest);
                        case "ring" -> RingBars.run(rest);
                        case "codec" -> CodecCosts.run(rest);
                        case "stress" -> Stress.run(rest);
                        default ->
                                throw new IllegalArgumentException(
                                        arguments.getFirst()
                                                + ": no such benchmark: known are rtt ring codec"
                                                + " stress");
                    };
            return well ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }
}
