// SPDX-License-Identifier: Apache-2.0
/**
 * Raw calls, one class per C header: ints, longs and segments in, a value or the negative errno
 * out. No policy, no retry, no exception but for what cannot be called at all.
 */
package dev.kith.kernel;
