// SPDX-License-Identifier: Apache-2.0
/** Inter-process communication for Java: every way two processes can talk, in one API. */
module dev.kith {
    requires static jdk.unsupported; // sun.misc.Signal, for Signals.on

    exports dev.kith;
    exports dev.kith.channel;
    exports dev.kith.codec;
    exports dev.kith.linux;
    exports dev.kith.posix;
    exports dev.kith.process;
    exports dev.kith.ring;
    exports dev.kith.shared;
    exports dev.kith.sysv;

    uses dev.kith.Inventory;
    uses dev.kith.channel.Transport;

    provides dev.kith.Inventory with
            dev.kith.transport.PosixInventory,
            dev.kith.transport.SysvInventory,
            dev.kith.transport.FifoInventory,
            dev.kith.transport.UnixInventory,
            dev.kith.transport.MappedInventory;
    provides dev.kith.channel.Transport with
            dev.kith.transport.PipeTransport,
            dev.kith.transport.FifoTransport,
            dev.kith.transport.SocketpairTransport,
            dev.kith.transport.UnixTransport,
            dev.kith.transport.UnixPacketTransport,
            dev.kith.transport.UnixDatagramTransport,
            dev.kith.transport.TcpTransport,
            dev.kith.transport.PosixQueueTransport,
            dev.kith.transport.SysvQueueTransport,
            dev.kith.transport.RingTransport,
            dev.kith.transport.MappedRingTransport,
            dev.kith.transport.SharedQueueTransport,
            dev.kith.transport.SignalTransport,
            dev.kith.transport.EventfdTransport;
}
