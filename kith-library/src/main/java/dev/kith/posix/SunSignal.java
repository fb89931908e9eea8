// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The one class that knows {@code sun.misc.Signal}, of the module jdk.unsupported.
 *
 * <p>It is the only way: a handler set by sigaction(2) that enters Java kills the JVM sooner or
 * later. By method handles, because javac warns of every direct use and no annotation silences it.
 */
final class SunSignal {
    private static SunSignal loaded;

    private final Class<?> handlerType;
    private final MethodHandle newSignal;
    private final MethodHandle handle;
    private final MethodHandle run;

    private SunSignal() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        handlerType = Class.forName("sun.misc.SignalHandler");
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        newSignal =
                lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                        .asType(MethodType.methodType(Object.class, String.class));
        handle =
                lookup.findStatic(
                                signal,
                                "handle",
                                MethodType.methodType(handlerType, signal, handlerType))
                        .asType(MethodType.genericMethodType(2));
        run =
                MethodHandles.dropArguments(
                        lookup.findVirtual(
                                Runnable.class, "run", MethodType.methodType(void.class)),
                        1,
                        signal);
    }

    /** The class, or the exception that says how to get it. */
    static synchronized SunSignal get() {
        try {
            return loaded == null ? loaded = new SunSignal() : loaded;
        } catch (ReflectiveOperationException missing) {
            throw new UnsupportedOperationException(
                    "Signals.on: sun.misc.Signal is not in this Java runtime; start java with"
                            + " --add-modules jdk.unsupported (or link the runtime with it)",
                    missing);
        }
    }

    /** Has {@code caught} run, in a new thread, when the signal comes; returns what was before. */
    Object handle(String name, Runnable caught) {
        return restore(
                name, MethodHandleProxies.asInterfaceInstance(handlerType, run.bindTo(caught)));
    }

    /** Sets a handler of the JDK's own type; returns what was before. */
    Object restore(String name, Object handler) {
        String call = "Signals.on(\"" + name + "\")";
        try {
            return (Object) handle.invokeExact((Object) newSignal.invokeExact(name), handler);
        } catch (IllegalArgumentException refused) {
            throw new UnsupportedOperationException(
                    call
                            + ": the JVM refuses it ("
                            + refused.getMessage()
                            + "); java -Xrs takes HUP, INT and TERM away from programs",
                    refused);
        } catch (Throwable thrown) {
            throw new AssertionError(call + ": " + thrown, thrown);
        }
    }
}
