// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.test.TransportConformance;
import java.util.List;

/** Every transport that is provided. */
class TransportsTest extends TransportConformance {
    @Override
    protected List<Transport> transports() {
        return Transports.all();
    }
}
