// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

/**
 * Something that exists.
 *
 * @param kind what it is
 * @param name its URI, or what comes next to one
 * @param identity what it is the same as another look's trace by
 * @param removal what removes it
 */
record Trace(Leftover kind, String name, String identity, String removal) {
    /** An object that the command kith removes. */
    static Trace ofObject(Leftover kind, String uri, String identity) {
        return new Trace(kind, uri, uri + " " + identity, "kith rm " + uri);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trace trace
                && kind == trace.kind
                && identity.equals(trace.identity);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    @Override
    public String toString() {
        return name + "; remove it with: " + removal;
    }
}
