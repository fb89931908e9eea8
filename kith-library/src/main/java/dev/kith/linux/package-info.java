// SPDX-License-Identifier: Apache-2.0
/** What Linux has beyond POSIX, one class per object: Unix sockets with all they can do. */
package dev.kith.linux;
