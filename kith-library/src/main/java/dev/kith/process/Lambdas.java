// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;

/** What is known of a serialisable lambda or method reference. */
final class Lambdas {
    private Lambdas() {}

    /** The serialised form of a lambda, or null if the object is not one. */
    static SerializedLambda of(Serializable task) {
        // Its class is made at run time and hidden; one that the compiler wrote never is.
        if (!task.getClass().isHidden()) {
            return null;
        }
        try {
            Method writeReplace = task.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(task) instanceof SerializedLambda lambda ? lambda : null;
        } catch (InaccessibleObjectException closedModule) {
            return bySerialisation(task);
        } catch (ReflectiveOperationException notOurs) {
            return null;
        }
    }

    /** The class in which the lambda stands. */
    static Class<?> home(SerializedLambda lambda, Serializable task) {
        try {
            return classOf(lambda.getCapturingClass(), task.getClass().getClassLoader());
        } catch (ClassNotFoundException hidden) {
            return task.getClass();
        }
    }

    /**
     * Whether the child can call the implementing method by reflection: the package is open to
     * Kith, as those of the unnamed module are.
     */
    static boolean isReflective(SerializedLambda lambda, Class<?> home) {
        try {
            Class<?> owner = classOf(lambda.getImplClass(), home.getClassLoader());
            return owner.getModule().isOpen(owner.getPackageName(), Lambdas.class.getModule());
        } catch (ClassNotFoundException elsewhere) {
            return false;
        }
    }

    /** {@code task in Main.start} for a lambda, {@code task Main::start} for a method reference. */
    static String label(SerializedLambda lambda) {
        String method = lambda.getImplMethodName();
        String[] parts = method.split("\\$");
        // javac: lambda$<method>$<hash>$<number>
        if (method.startsWith("lambda$") && parts.length >= 3) {
            return "task in " + simple(lambda.getCapturingClass()) + "." + parts[1];
        }
        return "task " + simple(lambda.getImplClass()) + "::" + method;
    }

    /** A class name that says where a lambda stands instead of its number. */
    static String readable(Class<?> type) {
        int made = type.getName().indexOf("$$Lambda");
        return made < 0 ? type.getName() : "in " + type.getName().substring(0, made);
    }

    private static String simple(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
    }

    private static Class<?> classOf(String internalName, ClassLoader loader)
            throws ClassNotFoundException {
        return Class.forName(internalName.replace('/', '.'), false, loader);
    }

    /** Serialisation may call writeReplace in a closed module where reflection may not. */
    private static SerializedLambda bySerialisation(Serializable task) {
        try (Catcher catcher = new Catcher()) {
            catcher.writeObject(task);
            return catcher.caught;
        } catch (IOException nowhereToWrite) {
            return null;
        }
    }

    private static final class Catcher extends ObjectOutputStream {
        private SerializedLambda caught;

        Catcher() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (object instanceof SerializedLambda lambda) {
                caught = lambda;
                return null;
            }
            return object;
        }
    }
}
