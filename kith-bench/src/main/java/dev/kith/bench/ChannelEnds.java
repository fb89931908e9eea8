// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/** Ends of channels; both are the same channel where it goes both ways. */
final class ChannelEnds implements Ends {
    private static final long serialVersionUID = 1L;

    private static final VarHandle STAMP =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    @SuppressWarnings("serial") // channels travel
    private final Receiver<byte[]> in;

    @SuppressWarnings("serial") // channels travel
    private final Sender<byte[]> out;

    private final byte[] message;

    ChannelEnds(Receiver<byte[]> in, Sender<byte[]> out, int bytes) {
        this.in = in;
        this.out = out;
        this.message = new byte[bytes];
    }

    static ChannelEnds of(List<String> uris, int bytes) {
        if (uris.size() == 1) {
            Channel<byte[]> both = Channel.open(uris.getFirst(), Codec.bytes());
            return new ChannelEnds(both, both, bytes);
        }
        return new ChannelEnds(
                Receiver.open(uris.get(0), Codec.bytes()),
                Sender.open(uris.get(1), Codec.bytes()),
                bytes);
    }

    @Override
    public void put(long stamp) throws InterruptedException {
        STAMP.set(message, 0, stamp);
        out.send(message);
    }

    @Override
    public long take() throws InterruptedException {
        byte[] got = in.receive();
        if (got.length != message.length) {
            throw new IllegalStateException(
                    "length=" + got.length + ", expected=" + message.length);
        }
        return (long) STAMP.get(got, 0);
    }
}
