// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Broken;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/** Makes a task of a {@link Closure}, in the child. */
final class ClosureReader {
    private ClosureReader() {}

    /** A task, ready to run. */
    @FunctionalInterface
    interface Call {
        Object call() throws Throwable;
    }

    /** Reads a task; its classes come from that loader. */
    static Call read(DataInputStream in, ClassLoader loader)
            throws IOException, ReflectiveOperationException {
        int form = in.readByte();
        if (form == Closure.OBJECT) {
            return object(new Objects(in, loader).readObject());
        }
        Class<?> owner = Class.forName(in.readUTF(), true, loader);
        String method = in.readUTF();
        MethodType type = MethodType.fromMethodDescriptorString(in.readUTF(), loader);
        int kind = in.readByte();
        Object[] captured = captured(in, loader);
        if (kind == MethodHandleInfo.REF_newInvokeSpecial) {
            return new Construction(owner.getDeclaredConstructor(type.parameterArray()), captured);
        }
        Method found = owner.getDeclaredMethod(method, type.parameterArray());
        return new Invocation(found, kind == MethodHandleInfo.REF_invokeStatic, captured);
    }

    private static Call object(Object task) {
        if (task instanceof Action action) {
            return new ActionCall(action);
        }
        if (task instanceof Callable<?> callable) {
            return new CallableCall(callable);
        }
        throw new Broken("neither a Task nor an Action: ".concat(task.getClass().getName()));
    }

    private static Object[] captured(DataInputStream in, ClassLoader loader)
            throws IOException, ClassNotFoundException {
        Object[] values = new Object[in.readInt()];
        boolean others = false;
        for (int i = 0; i < values.length; i++) {
            values[i] = Values.read(in);
            others |= values[i] == Values.OTHER;
        }
        if (others) {
            ObjectInputStream objects = new Objects(in, loader);
            for (int i = 0; i < values.length; i++) {
                if (values[i] == Values.OTHER) {
                    values[i] = objects.readObject();
                }
            }
        }
        return values;
    }

    /** Java serialisation with the classes of a loader. */
    static final class Objects extends ObjectInputStream {
        private final ClassLoader loader;

        Objects(InputStream in, ClassLoader loader) throws IOException {
            super(in);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type)
                throws IOException, ClassNotFoundException {
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException primitive) {
                return super.resolveClass(type);
            }
        }
    }

    private record ActionCall(Action action) implements Call {
        @Override
        public Object call() throws Throwable {
            action.act();
            return null;
        }
    }

    private record CallableCall(Callable<?> callable) implements Call {
        @Override
        public Object call() throws Throwable {
            return callable.call();
        }
    }

    private record Invocation(Method method, boolean isStatic, Object[] captured) implements Call {
        @Override
        public Object call() throws Throwable {
            method.setAccessible(true);
            try {
                if (isStatic) {
                    return method.invoke(null, captured);
                }
                Object[] arguments = new Object[captured.length - 1];
                System.arraycopy(captured, 1, arguments, 0, arguments.length);
                return method.invoke(captured[0], arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }
    }

    private record Construction(Constructor<?> constructor, Object[] captured) implements Call {
        @Override
        public Object call() throws Throwable {
            constructor.setAccessible(true);
            try {
                return constructor.newInstance(captured);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }
    }
}
