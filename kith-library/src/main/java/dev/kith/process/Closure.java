// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Handover;
import dev.kith.kernel.NativeAccess;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;

/**
 * A task on its way to a child: which method, with which captured values.
 *
 * <pre>
 *   LAMBDA  class, method, descriptor, kind B, captures I, values; then one stream of Java serialisation
 *           with the captures that are {@link Values#OTHER}
 *   OBJECT  one stream of Java serialisation with the task itself
 * </pre>
 *
 * <p>A lambda goes as LAMBDA, which the child runs by reflection: to read a {@link
 * SerializedLambda} by Java serialisation would cost it 22 ms. OBJECT is for tasks that are
 * ordinary objects, and for lambdas in a named module that does not open its package, where
 * reflection is refused.
 *
 * @param label what it is called in messages
 * @param home the class in which it stands
 * @param bytes the form and what follows it
 * @param handover the descriptors that it captures
 */
record Closure(String label, Class<?> home, byte[] bytes, Handover handover) {
    static final int LAMBDA = 0;
    static final int OBJECT = 1;

    /**
     * Writes a task down.
     *
     * @throws IllegalArgumentException if it captures something that cannot travel; says what and
     *     why
     */
    static Closure of(Serializable task) {
        SerializedLambda lambda = Lambdas.of(task);
        Class<?> home = lambda == null ? task.getClass() : Lambdas.home(lambda, task);
        String label = lambda == null ? "task " + Lambdas.readable(home) : Lambdas.label(lambda);
        Handover handover = Handover.forWriting();
        byte[] bytes =
                handover.during(() ->
                        lambda != null && Lambdas.isReflective(lambda, home)
                                ? lambda(lambda, home, handover)
                                : object(task, lambda, home, label, handover));
        return new Closure(label, home, bytes, handover);
    }

    private static byte[] lambda(SerializedLambda lambda, Class<?> home, Handover handover) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        int captures = lambda.getCapturedArgCount();
        int at = 0;
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(LAMBDA);
            out.writeUTF(lambda.getImplClass().replace('/', '.'));
            out.writeUTF(lambda.getImplMethodName());
            out.writeUTF(lambda.getImplMethodSignature());
            out.writeByte(lambda.getImplMethodKind());
            out.writeInt(captures);
            TaskOutput objects = null;
            for (; at < captures; at++) {
                Object captured = lambda.getCapturedArg(at);
                if (!Values.write(out, captured)) {
                    objects = objects == null ? new TaskOutput(others) : objects;
                    objects.writeObject(captured);
                    checkDescriptors(handover);
                }
            }
            if (objects != null) {
                objects.flush();
            }
            others.writeTo(out);
        } catch (IOException | RuntimeException e) {
            throw Refusal.of(lambda, home, at, e);
        }
        return bytes.toByteArray();
    }

    private static byte[] object(
            Serializable task,
            SerializedLambda lambda,
            Class<?> home,
            String label,
            Handover handover) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(OBJECT);
        try (TaskOutput objects = new TaskOutput(bytes)) {
            objects.writeObject(task);
            checkDescriptors(handover);
        } catch (IOException | RuntimeException e) {
            throw lambda == null
                    ? Refusal.of(label, e)
                    : Refusal.of(lambda, home, Refusal.culprit(lambda), e);
        }
        return bytes.toByteArray();
    }

    private static void checkDescriptors(Handover handover) throws NotSerializableException {
        if (!handover.handles().isEmpty() && !SpawnedJvm.isPossible()) {
            throw new NotSerializableException(
                    "it travels as a descriptor, and those can be passed to a child only with"
                            + " native access (--enable-native-access="
                            + NativeAccess.grantee()
                            + ") and glibc 2.34 or later");
        }
    }

    /** Where the task's classes come from. */
    ClassLoader loader() {
        return home.getClassLoader();
    }
}
