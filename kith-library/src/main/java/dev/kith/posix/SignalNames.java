// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.kernel.Signal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of signals, their numbers on Linux (x86-64 and aarch64 agree), and who needs which. */
final class SignalNames {
    /** Index is number. signal(7) */
    private static final String[] STANDARD = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
        "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
        "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
    };

    private static final Map<String, Integer> ALIASES = Map.of("IOT", 6, "CLD", 17, "POLL", 29);
    private static final Map<String, Integer> ALL = all();

    private SignalNames() {}

    /** The number of a name with or without SIG, of RTMIN+n or RTMAX-n, or of a number. */
    static int number(String signal) {
        String name = signal.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        Integer known = ALL.containsKey(name) ? ALL.get(name) : ALIASES.get(name);
        if (known != null) {
            return known;
        }
        int number = -1;
        if (name.matches("[1-9][0-9]?")) {
            number = Integer.parseInt(name);
        } else if (name.matches("RTMIN\\+[0-9]{1,2}")) {
            number = Signal.SIGRTMIN + Integer.parseInt(name.substring(6));
        } else if (name.matches("RTMAX-[0-9]{1,2}")) {
            number = Signal.SIGRTMAX - Integer.parseInt(name.substring(6));
            number = number < Signal.SIGRTMIN ? -1 : number;
        }
        if (number < 1 || number > Signal.SIGRTMAX) {
            throw new IllegalArgumentException(
                    "no signal \"" + signal + "\": known are " + String.join(" ", ALL.keySet()));
        }
        return number;
    }

    /** The name of a number, without SIG. */
    static String name(int number) {
        if (number < 1 || number > Signal.SIGRTMAX) {
            throw new IllegalArgumentException(
                    "no signal " + number + ": least=1, most=" + Signal.SIGRTMAX);
        }
        if (number < STANDARD.length) {
            return STANDARD[number];
        }
        int fromFirst = number - Signal.SIGRTMIN;
        int toLast = Signal.SIGRTMAX - number;
        if (fromFirst < 0) {
            return Integer.toString(number); // the C library's own have no names
        }
        if (fromFirst <= 15) {
            return fromFirst == 0 ? "RTMIN" : "RTMIN+" + fromFirst;
        }
        return toLast == 0 ? "RTMAX" : "RTMAX-" + toLast;
    }

    /** Every name in the order of numbers. */
    static Map<String, Integer> all() {
        Map<String, Integer> all = new LinkedHashMap<>();
        for (int number = 1; number <= Signal.SIGRTMAX; number++) {
            if (number < STANDARD.length || number >= Signal.SIGRTMIN) {
                all.put(name(number), number);
            }
        }
        return Collections.unmodifiableMap(all);
    }

    /** The names of the signals whose bits are set. */
    static Set<String> names(long bits) {
        Set<String> names = new LinkedHashSet<>();
        for (int number = 1; number <= Signal.SIGRTMAX; number++) {
            if ((bits & Signal.bit(number)) != 0) {
                names.add(name(number));
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Why a program must leave a signal alone in a JVM; empty if it need not. */
    static String reservation(int number) {
        if (number == Signal.SIGRTMIN + 10) {
            return "Kith wakes blocked calls with it";
        }
        return switch (number) {
            case 9, 19 -> "the kernel lets no program handle or block it";
            case 12 -> "the JVM suspends and resumes its threads with it";
            case 3 -> "the JVM prints its thread dump on it";
            case 4, 5, 7, 8, 11 -> "the JVM's compiled code raises it and the JVM handles it";
            case 13, 25 -> "the JVM ignores it so that writing fails with an error instead";
            case 32, 33 -> "the C library uses it for its threads";
            case 62 -> "the JDK wakes blocked network threads with it";
            default -> "";
        };
    }

    /** Refuses a signal that is reserved. */
    static int unreserved(String call, String signal) {
        int number = number(signal);
        String reason = reservation(number);
        if (!reason.isEmpty()) {
            throw new IllegalArgumentException(
                    call
                            + ": "
                            + name(number)
                            + " is not free in a JVM: "
                            + reason
                            + "; USR1, HUP, TERM, INT, CONT, WINCH are");
        }
        return number;
    }
}
