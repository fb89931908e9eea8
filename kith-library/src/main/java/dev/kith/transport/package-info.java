// SPDX-License-Identifier: Apache-2.0
/** One class per URI scheme, each written on the public handles of posix, sysv and linux. */
package dev.kith.transport;
