// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/** Two lanes as the ends of who begins round trips. */
final class LaneEnds implements Ends {
    private static final long serialVersionUID = 1L;

    private final transient Inlet in;
    private final transient Outlet out;
    private final transient Tally tally;
    private int bytes;

    LaneEnds(Inlet in, Outlet out, Tally tally) {
        this.in = in;
        this.out = out;
        this.tally = tally;
    }

    /** From now on messages have this length. */
    void bytes(int length) {
        bytes = length;
    }

    @Override
    public void put(long stamp) throws InterruptedException {
        out.put(stamp, bytes);
    }

    @Override
    public long take() throws InterruptedException {
        while (in.drain(1) == 0) {
            in.idle();
        }
        if (tally.length() != bytes) {
            throw new IllegalStateException("length=" + tally.length() + ", expected=" + bytes);
        }
        return tally.stamp();
    }
}
