// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Denied;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * Finds C functions and makes method handles of them; the only user of {@link Linker}.
 *
 * <p>Making one takes about a millisecond, so every function has its handle in a class of its own,
 * which is initialised when the function is first called.
 *
 * <p>A handle that cannot be made (no such function in this libc, native access denied) is replaced
 * by one of the same type that throws the reason when it is called, so that a class of this package
 * always initialises and the functions that do exist work.
 */
final class Linkage {
    static final MemoryLayout INT = JAVA_INT;
    static final MemoryLayout LONG = JAVA_LONG;
    static final MemoryLayout POINTER = ADDRESS;

    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private Linkage() {}

    /**
     * A function that sets errno: the handle's first argument is the segment of {@link
     * Errno#segment()}.
     */
    static MethodHandle errno(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments), CAPTURE);
    }

    /**
     * The same for a variadic function, whose arguments from index {@code firstVariadic} on are
     * variadic.
     */
    static MethodHandle errnoVariadic(
            String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
        return link(
                name,
                FunctionDescriptor.of(result, arguments),
                CAPTURE,
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /**
     * A system call that sleeps, by syscall(2) and its number. The C library's function of its name
     * is a point of cancellation, which glibc brackets with two atomic operations once a process
     * has threads: on a round trip of two microseconds they show.
     */
    static MethodHandle sleeping(long number, MemoryLayout... arguments) {
        MemoryLayout[] all = new MemoryLayout[arguments.length + 1];
        all[0] = LONG;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return MethodHandles.insertArguments(errnoVariadic("syscall", 1, LONG, all), 1, number);
    }

    /**
     * A variadic function whose errno nobody asks for. To capture it makes an object, until the
     * compiler sees through that, which for a call now and then is never.
     */
    static MethodHandle plainVariadic(
            String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
        return link(
                name,
                FunctionDescriptor.of(result, arguments),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** A function that does not set errno: it returns the error, or cannot fail. */
    static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments));
    }

    /** The address of a function of the C library, or NULL if it has none of that name. */
    static MemorySegment address(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).orElse(MemorySegment.NULL);
    }

    /** What a {@code catch (Throwable)} around invokeExact throws. */
    static RuntimeException failed(String name, Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (thrown instanceof VirtualMachineError error) {
            // Nothing of the call: the stack is full, or mapped memory was cut off and the fault of
            // an earlier access is reported only now.
            throw error;
        }
        throw new AssertionError(name + " by the foreign-function API: " + thrown, thrown);
    }

    @SuppressWarnings("restricted") // the one place that links native functions
    private static MethodHandle link(
            String name, FunctionDescriptor type, Linker.Option... options) {
        if (!Arch.KNOWN) {
            return throwing(
                    type,
                    options,
                    new UnsupportedOperationException(
                            name
                                    + "(): Kith knows the system calls of Linux on amd64 and"
                                    + " aarch64, not those of "
                                    + platform()));
        }
        // Whether it was granted must be asked before the first restricted call.
        NativeAccess.granted();
        Linker linker;
        Optional<MemorySegment> symbol;
        try {
            linker = Linker.nativeLinker();
            symbol = linker.defaultLookup().find(name);
        } catch (RuntimeException | LinkageError none) {
            return throwing(
                    type,
                    options,
                    new UnsupportedOperationException(
                            name + "(): no foreign-function support on " + platform(), none));
        }
        if (symbol.isEmpty()) {
            return throwing(
                    type,
                    options,
                    new UnsupportedOperationException(
                            name + "() is not in the C library of " + platform()));
        }
        try {
            return linker.downcallHandle(symbol.get(), type, options);
        } catch (IllegalCallerException denied) {
            return throwing(
                    type,
                    options,
                    new Denied(
                            name
                                    + "(): native access is denied to Kith; start java with"
                                    + " --enable-native-access="
                                    + NativeAccess.grantee()));
        }
    }

    private static String platform() {
        return System.getProperty("os.name") + "/" + System.getProperty("os.arch");
    }

    private static MethodHandle throwing(
            FunctionDescriptor type, Linker.Option[] options, RuntimeException reason) {
        MethodType call = type.toMethodType();
        for (Linker.Option option : options) {
            if (option == CAPTURE) {
                call = call.insertParameterTypes(0, MemorySegment.class);
            }
        }
        MethodHandle thrower =
                MethodHandles.throwException(call.returnType(), RuntimeException.class)
                        .bindTo(reason);
        return MethodHandles.dropArguments(thrower, 0, call.parameterList());
    }
}
