// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

/** A subcommand. */
interface Command {
    /** How it is used. */
    Usage usage();

    /**
     * Does it.
     *
     * @return the exit status: 0 done, 1 failed or nothing found
     * @throws IllegalArgumentException if it was used wrongly: exit status 2
     * @throws dev.kith.IpcException if it failed: exit status 1
     */
    int run(Arguments arguments, Output out) throws Exception;
}
