// SPDX-License-Identifier: Apache-2.0
/** The computation of pi by child processes, one row per mechanism: what {@code kith pi} does. */
package dev.kith.cli.pi;
