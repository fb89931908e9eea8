// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.codec.Codec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/**
 * What Kith and the JDK start when it is first needed and keep until the JVM ends, descriptors
 * included: the thread that watches for wait sets, the pollers of virtual threads, the socket that
 * stands in for closed ones. They are started before the first look, so that no test is blamed for
 * being the first.
 */
final class Services {
    private static boolean started;

    private Services() {}

    static synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        try {
            ofTheJdk();
            if (Channel.class.getModule().isNativeAccessEnabled()) {
                ofKith();
            }
        } catch (IOException | RuntimeException notHere) {
            // what cannot be started holds nothing
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ofTheJdk() throws IOException, InterruptedException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try (server) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread waiting =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    server.accept();
                                } catch (IOException closed) {
                                    // as intended
                                }
                            });
            waiting.join(Duration.ofMillis(20));
        }
    }

    private static void ofKith() {
        ChannelPair<Long> pair = Channel.pair("pipe:", Codec.longs());
        try (var first = pair.first();
                var unused = pair.second()) {
            first.whenReady(() -> {}).close();
        }
    }
}
