// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

/**
 * An option of a command, as the parsers, help, the man page and completion read it.
 *
 * @param name with its dashes: {@code --timeout}
 * @param shortName {@code -n}, or empty
 * @param value what its value is called in help, or empty if it takes none
 * @param help one line
 */
record Option(String name, String shortName, String value, String help) {
    static final Option HELP = flag("--help", "print this").or("-h");
    static final Option JSON = flag("--json", "print JSON");

    static Option flag(String name, String help) {
        return new Option(name, "", "", help);
    }

    static Option value(String name, String value, String help) {
        return new Option(name, "", value, help);
    }

    Option or(String otherName) {
        return new Option(name, otherName, value, help);
    }

    boolean takesValue() {
        return !value.isEmpty();
    }

    boolean isNamed(String given) {
        return given.equals(name) || given.equals(shortName) && !shortName.isEmpty();
    }
}
