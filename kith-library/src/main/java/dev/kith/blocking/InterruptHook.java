// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Hears of {@link Thread#interrupt()} for one thread, by the one means that the JDK offers: it
 * calls the {@code wakeup} of the {@link AbstractSelector} whose {@code begin} the thread called
 * last. It selects nothing.
 *
 * <p>There is no {@code end}: a wake-up between two calls finds the thread in none and does
 * nothing, and each call saves the second half of the cost.
 */
final class InterruptHook extends AbstractSelector {
    private final Caller thread;

    InterruptHook(Caller thread) {
        super(null);
        this.thread = thread;
    }

    /** Begins to listen; if the thread is interrupted already, it is told at once. */
    void listen() {
        begin();
    }

    @Override
    public Selector wakeup() {
        thread.interrupted();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(
            AbstractSelectableChannel channel, int operations, Object attachment) {
        throw unsupported();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw unsupported();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw unsupported();
    }

    @Override
    public int selectNow() {
        throw unsupported();
    }

    @Override
    public int select(long timeout) {
        throw unsupported();
    }

    @Override
    public int select() {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("this selector only hears of interrupts");
    }
}
