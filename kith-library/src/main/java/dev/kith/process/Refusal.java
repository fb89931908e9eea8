// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.List;

/** Why a task cannot travel, in a sentence: which task, what it captures, what to do about it. */
final class Refusal {
    private Refusal() {}

    /** The exception for a lambda of which one captured value could not be written. */
    static IllegalArgumentException of(
            SerializedLambda lambda, Class<?> home, int index, Exception reason) {
        if (index < 0 || index >= lambda.getCapturedArgCount()) {
            return of(Lambdas.label(lambda), reason);
        }
        LambdaSource source = LambdaSource.of(lambda, home);
        Object captured = lambda.getCapturedArg(index);
        String what =
                index == 0 && isThis(lambda)
                        ? "`this` of " + captured.getClass().getName()
                        : source.name(index) + " (" + captured.getClass().getName() + ")";
        String sentence =
                Lambdas.label(lambda)
                        + source.place()
                        + " captures "
                        + what
                        + ", "
                        + why(captured, reason);
        String cure = "";
        if (index == 0 && isThis(lambda)) {
            cure = "; " + withoutThis(source.fieldsOfThis());
        } else if (isPlain(reason)) {
            cure =
                    "; capture only the values that it needs, or let that class implement"
                            + " Serializable";
        }
        return new IllegalArgumentException(sentence + cure, reason);
    }

    /** The exception for a task that is an ordinary object. */
    static IllegalArgumentException of(String label, Exception reason) {
        String why =
                isPlain(reason)
                        ? "it holds a "
                                + reason.getMessage()
                                + ", which is not Serializable; write a lambda or a static class"
                                + " that holds only the values that it needs"
                        : reason.getMessage();
        return new IllegalArgumentException(label + " cannot travel: " + why, reason);
    }

    /** The first captured value that Java serialisation refuses when it is alone; -1 if none. */
    static int culprit(SerializedLambda lambda) {
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            try (var out = new TaskOutput(OutputStream.nullOutputStream())) {
                out.writeObject(lambda.getCapturedArg(i));
            } catch (IOException | RuntimeException refused) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isThis(SerializedLambda lambda) {
        int kind = lambda.getImplMethodKind();
        return lambda.getImplMethodName().startsWith("lambda$")
                && kind != MethodHandleInfo.REF_invokeStatic;
    }

    /** The serialisation said nothing but a class name. */
    private static boolean isPlain(Exception reason) {
        return reason instanceof NotSerializableException && reason.getMessage().indexOf(' ') < 0;
    }

    private static String why(Object captured, Exception reason) {
        if (!isPlain(reason)) {
            return "which cannot travel: " + reason.getMessage();
        }
        String culprit = reason.getMessage();
        return culprit.equals(captured.getClass().getName())
                ? "which is not Serializable"
                : "which holds a " + culprit + ", which is not Serializable";
    }

    private static String withoutThis(List<String> fields) {
        if (fields.isEmpty()) {
            return "let it call static methods only, or let that class implement Serializable";
        }
        String field = fields.getFirst();
        return "copy the field to a local variable first: var "
                + field
                + " = this."
                + field
                + (fields.size() > 1
                        ? " (and so for "
                                + String.join(", ", fields.subList(1, fields.size()))
                                + ")"
                        : "");
    }
}
