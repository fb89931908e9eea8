// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Waitable;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the child JVMs of the signal tests run. It says "ready …" when it is. */
final class SignalProgram {
    private static final BufferedReader IN = new BufferedReader(new InputStreamReader(System.in));

    private SignalProgram() {}

    public static void main(String... args) throws Exception {
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (args[0]) {
            case "handle" -> handle(rest);
            case "two-handlers" -> twoHandlers(rest[0]);
            case "refuse" -> refuse(rest[0]);
            case "term" -> term();
            case "await" -> await(rest);
            case "receive" -> receive();
            case "hold" -> hold();
            case "send" -> send(rest[0], Integer.parseInt(rest[1]));
            case "deny" -> deny(Long.parseLong(rest[0]));
            case "checks" -> SignalQueueChecks.all();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Prints every signal of these names. */
    private static void handle(String... signals) throws Exception {
        for (String signal : signals) {
            Signals.on(signal, name -> System.out.println("signal " + name));
        }
        System.out.println("ready");
        Thread.sleep(Duration.ofMinutes(5));
    }

    /** Two handlers, of which the first fails; a line of input takes one away. */
    private static void twoHandlers(String signal) throws Exception {
        List<Waitable.Registration> handlers = new ArrayList<>();
        handlers.add(
                Signals.on(
                        signal,
                        name -> {
                            System.out.println("first");
                            throw new IllegalStateException("of the first");
                        }));
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> System.out.println(e.getMessage()));
        handlers.add(Signals.on(signal, name -> System.out.println("second")));
        System.out.println("ready");
        while (IN.readLine() != null) {
            Waitable.Registration handler = handlers.removeFirst();
            handler.close();
            handler.close();
            System.out.println("closed");
        }
    }

    private static void refuse(String signal) {
        try {
            Signals.on(signal, name -> {});
            System.out.println("not refused");
        } catch (UnsupportedOperationException refused) {
            System.out.println(refused.getMessage());
        }
    }

    private static void term() throws Exception {
        Signals.on(
                "TERM",
                name -> {
                    System.out.println("signal " + name);
                    System.exit(0);
                });
        System.out.println("ready");
        Thread.sleep(Duration.ofMinutes(5));
    }

    /** Waits for a line, then for one of the signals, until there is no more input. */
    private static void await(String... signals) throws Exception {
        System.out.println("ready");
        while (IN.readLine() != null) {
            System.out.println("waiting");
            System.out.println("came " + Signals.await(signals));
        }
    }

    /** Prints what it receives until the end. */
    private static void receive() throws Exception {
        try (SignalQueue queue = SignalQueue.open()) {
            System.out.println(queue.address());
            for (SignalQueue.Received each = queue.receive(); !each.end(); each = queue.receive()) {
                System.out.println(each.value() + " from " + each.pid());
            }
            System.out.println("end");
        }
    }

    /** Receives a value for every line of input. */
    private static void hold() throws Exception {
        try (SignalQueue queue = SignalQueue.open()) {
            System.out.println(queue.address());
            while (IN.readLine() != null) {
                System.out.println(queue.receive().value());
            }
        }
    }

    /** Sends 0, 1, 2 …, and the end unless it is told to go on for ever. */
    private static void send(String address, int count) throws Exception {
        try (SignalSender sender = SignalSender.to(address)) {
            for (int i = 0; count < 0 || i < count; i++) {
                sender.send(i);
                if (count < 0 && i == 1000) {
                    System.out.println("sent 1000");
                }
            }
            sender.end();
        }
    }

    private static void deny(long pid) {
        try {
            Signals.send(pid, "URG");
            System.out.println("not denied");
        } catch (dev.kith.Denied denied) {
            System.out.println(denied.getMessage());
        }
    }
}
