// SPDX-License-Identifier: Apache-2.0
/**
 * What Linux has beyond POSIX, one class per object: Unix sockets with all they can do; and TCP by
 * its system calls.
 */
package dev.kith.linux;
