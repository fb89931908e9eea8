// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

/** Which build this is. */
final class Version {
    private Version() {}

    /** The version in the jar's manifest; classes that were not packaged have none. */
    static String current() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
