// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A situation in which public methods of a handle wait, and what ends it: the entries of {@link
 * BlockingCallsTest}. To add a method, name it here in a situation of its handle; a new handle gets
 * a class {@code …Calls} with its situations, which {@link BlockingCalls#all} lists.
 *
 * <pre>{@code
 * Waiting.in(PipeReader.class, () -> Pipe.open())
 *         .call("read(MemorySegment)", pipe -> pipe.reader().read(buffer()))
 *         .timed("tryRead(MemorySegment, Duration)",
 *                 (pipe, time) -> pipe.reader().tryRead(buffer(), time).isPresent())
 *         .letGo(pipe -> pipe.writer().write(oneByte()))
 *         .close(pipe -> pipe.reader().close());
 * }</pre>
 *
 * @param <F> what is set up anew for each test; closed after it, whatever has been closed before
 */
public final class Waiting<F extends AutoCloseable> {
    private final Class<?> type;
    private final SetUp<F> setUp;
    private final List<Entry<F>> entries = new ArrayList<>();
    private Step<F> letGo;
    private Step<F> close;

    private Waiting(Class<?> type, SetUp<F> setUp) {
        this.type = type;
        this.setUp = setUp;
    }

    /** Makes what a test needs, in a state in which the calls wait. */
    public interface SetUp<F> {
        /** Called once a test. */
        F setUp() throws Exception;
    }

    /** Something that another thread does. */
    public interface Step<F> {
        /** Must not wait for the call that waits. */
        void on(F fixture) throws Exception;
    }

    /** A call without a time-out. */
    public interface Call<F> {
        /** What it returns does not matter. */
        void on(F fixture) throws Exception;
    }

    /** A call with a time-out. */
    public interface Timed<F> {
        /** Whether it got what it waits for. */
        boolean on(F fixture, Duration timeout) throws Exception;
    }

    private record Entry<F>(String method, boolean limited, Timed<F> call) {}

    /** A situation of a handle's methods. */
    public static <F extends AutoCloseable> Waiting<F> in(Class<?> type, SetUp<F> setUp) {
        return new Waiting<>(type, setUp);
    }

    /** A method without a time-out: {@code "read(MemorySegment)"}, with simple names of types. */
    public Waiting<F> call(String method, Call<F> call) {
        entries.add(
                new Entry<>(
                        method,
                        false,
                        (fixture, unused) -> {
                            call.on(fixture);
                            return true;
                        }));
        return this;
    }

    /** A method with a time-out. */
    public Waiting<F> timed(String method, Timed<F> call) {
        entries.add(new Entry<>(method, true, call));
        return this;
    }

    /** What lets one waiting call succeed. */
    public Waiting<F> letGo(Step<F> step) {
        letGo = step;
        return this;
    }

    /** What closes the handle that is waited on; left out for a method without a handle. */
    public Waiting<F> close(Step<F> step) {
        close = step;
        return this;
    }

    /** One for each method. */
    List<BlockingCall<F>> calls() {
        return entries.stream()
                .map(each ->
                        new BlockingCall<>(
                                name(type, each.method),
                                setUp,
                                each.call,
                                each.limited,
                                letGo,
                                close))
                .toList();
    }

    /** {@code posix.PipeReader.read(MemorySegment)}. */
    static String name(Class<?> type, String method) {
        String name = type.getName().substring("dev.kith.".length()).replace('$', '.');
        return name + "." + method;
    }

    /** The same of a method that reflection found. */
    static String name(java.lang.reflect.Method method) {
        String parameters =
                Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", "));
        return name(method.getDeclaringClass(), method.getName() + "(" + parameters + ")");
    }
}
