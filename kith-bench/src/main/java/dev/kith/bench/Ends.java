// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.Serializable;

/**
 * One process's ends of what is measured. A message has a fixed length and begins with a stamp of 8
 * bytes, as in ping.h. A worker gets its ends by capture.
 */
interface Ends extends Serializable {
    void put(long stamp) throws InterruptedException;

    /** Takes a message: its stamp. */
    long take() throws InterruptedException;
}
