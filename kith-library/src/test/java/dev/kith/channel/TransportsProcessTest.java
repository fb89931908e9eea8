// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.test.TransportProcessConformance;
import java.util.List;

/** Every transport that is provided, between processes. */
class TransportsProcessTest extends TransportProcessConformance {
    @Override
    protected List<Transport> transports() {
        return Transports.all();
    }
}
