// SPDX-License-Identifier: Apache-2.0
/**
 * What processes share and no death destroys. {@link dev.kith.shared.Reaper} finds and removes what
 * dead processes have left behind.
 */
package dev.kith.shared;
