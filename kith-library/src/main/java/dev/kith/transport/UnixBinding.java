// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Link;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import java.time.Duration;
import java.util.function.Function;

/**
 * A name on which Unix sockets of either type are accepted.
 *
 * @param link what the messages of an accepted socket go through
 */
record UnixBinding(Address address, UnixListener listener, Function<UnixSocket, Link> link)
        implements Binding {
    @Override
    public Link accept(long timeoutNanos) throws InterruptedException {
        UnixSocket socket =
                timeoutNanos == Link.FOREVER
                        ? listener.accept()
                        : listener.accept(Duration.ofNanos(timeoutNanos)).orElse(null);
        return socket == null ? null : link.apply(socket);
    }

    @Override
    public boolean isReady() {
        return listener.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return listener.whenReady(wake);
    }

    @Override
    public void close() {
        listener.close();
    }
}
