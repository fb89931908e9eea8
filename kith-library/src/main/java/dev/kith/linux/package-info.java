// SPDX-License-Identifier: Apache-2.0
/**
 * What Linux has beyond POSIX, one class per object: Unix sockets with all they can do; counters,
 * timers, processes and memory behind descriptors ({@link dev.kith.linux.EventFd}, {@link
 * dev.kith.linux.TimerFd}, {@link dev.kith.linux.PidFd}, {@link dev.kith.linux.MemFd}), any other
 * descriptor ({@link dev.kith.linux.Fd}), and the wait for many of them ({@link
 * dev.kith.linux.Poller}); and TCP by its system calls.
 */
package dev.kith.linux;
