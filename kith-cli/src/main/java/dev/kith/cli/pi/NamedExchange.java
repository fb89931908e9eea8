// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import dev.kith.process.Task;
import java.util.List;

/** One end of a name, to which all children send. */
final class NamedExchange implements Exchange {
    private final Transport transport;
    private final Address address;
    private final int children;
    private final Receiver<Double> receiver;
    private final Sender<Double> keeper;
    private long bytes;

    private NamedExchange(
            Transport transport,
            Address address,
            int children,
            Receiver<Double> receiver,
            Sender<Double> keeper) {
        this.transport = transport;
        this.address = address;
        this.children = children;
        this.receiver = receiver;
        this.keeper = keeper;
    }

    static NamedExchange open(Transport transport, Address fresh, int children) {
        boolean named = isMade(transport);
        Address address = named ? transport.create(fresh) : fresh;
        Receiver<Double> receiver = null;
        try {
            receiver = Receiver.open(address.toString(), Codec.doubles());
            // A stream ends whenever nobody has it open for writing: after the first child, say.
            boolean stream = transport.traits().contains(Trait.STREAM);
            Sender<Double> keeper =
                    stream ? Sender.open(address.toString(), Codec.doubles()) : null;
            return new NamedExchange(transport, address, children, receiver, keeper);
        } catch (RuntimeException failed) {
            if (receiver != null) {
                receiver.close();
            }
            if (named) {
                transport.remove(address);
            }
            throw failed;
        }
    }

    /** Whether the name is made before it is opened, and stays. */
    private static boolean isMade(Transport transport) {
        return transport.traits().contains(Trait.NAMED)
                && !transport.traits().contains(Trait.BINDS);
    }

    @Override
    public Task<long[]> task(int child, Series.Share share) {
        String uri = receiver.address().toString();
        long from = share.from();
        long to = share.to();
        return () -> {
            Series.Sum sum = Series.sum(from, to);
            try (Sender<Double> end = Sender.open(uri, Codec.doubles())) {
                end.send(sum.value());
            }
            return sum.span();
        };
    }

    @Override
    public double total(Wait allDelivered) throws InterruptedException {
        double total = 0;
        for (int i = 0; i < children; i++) {
            Message<Double> message = receiver.receiveMessage();
            bytes += message.lengthBytes();
            total += message.value();
            message.acknowledge();
        }
        return total;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<String> names() {
        return List.of(address.withoutOptions().toString());
    }

    @Override
    public void close() {
        if (keeper != null) {
            keeper.close();
        }
        receiver.close();
        if (isMade(transport)) {
            transport.remove(address);
        }
    }
}
