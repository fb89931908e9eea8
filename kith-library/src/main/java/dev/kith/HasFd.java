// SPDX-License-Identifier: Apache-2.0
package dev.kith;

/**
 * A handle that stands on an open file descriptor of this process: a pipe, a socket, a queue.
 *
 * <p>What takes descriptors takes any of these: {@code UnixSocket.write} passes them to another
 * process, {@code PipeReader.spliceTo} moves bytes to them, a {@code Poller} waits for them.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/dup.2.html">dup(2)</a>
 */
public interface HasFd {
    /**
     * The number of the descriptor, for other libraries and for {@code /proc/self/fd}. It is the
     * handle's: do not close it, and do not use it after the handle was closed, when another file
     * may have the same number.
     *
     * @return the number, at least 0
     * @throws Closed if the handle is closed
     */
    int fd();

    /**
     * Makes a second descriptor for the same open file, close-on-exec. It shares with the first the
     * position and the status flags, and outlives the handle.
     *
     * @return a number that the caller owns and must close, {@code Fd.own} for example
     * @throws Closed if the handle is closed
     * @throws IpcException if this process may open no more files
     */
    int duplicateFd();
}
