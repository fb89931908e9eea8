// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.List;
import java.util.regex.Matcher;

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
        String sentence = Lambdas.label(lambda) + source.place() + " captures ";
        if (index == 0 && isThis(lambda)) {
            sentence += ofThis(captured, source, reason);
        } else if (captured.getClass().isHidden() && isPlain(reason)) {
            sentence +=
                    source.name(index)
                            + " (a lambda "
                            + Lambdas.readable(captured.getClass())
                            + "), which is not Serializable; declare it as a Task or an Action";
        } else {
            sentence +=
                    source.name(index)
                            + " ("
                            + captured.getClass().getName()
                            + "), "
                            + why(source.name(index), captured, reason);
        }
        return new IllegalArgumentException(sentence, reason);
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

    private static String ofThis(Object captured, LambdaSource source, Exception reason) {
        String name = captured.getClass().getName();
        String why =
                isPlain(reason) && reason.getMessage().equals(name)
                        ? "which is not Serializable"
                        : why("this", captured, reason);
        return "`this` of " + name + ", " + why + "; " + withoutThis(source.fieldsOfThis());
    }

    /** The codec knows the way to what cannot travel; Java serialisation names the class only. */
    private static String why(String name, Object captured, Exception reason) {
        String message = reason.getMessage();
        if (isPlain(reason)) {
            try {
                Coded.encode(captured);
                message = "it holds a " + message + ", which is not Serializable";
            } catch (IpcException refused) {
                message = refused.getMessage();
            }
        }
        boolean way = message.startsWith("value");
        return "which cannot travel: "
                + (way ? message.replaceFirst("value", Matcher.quoteReplacement(name)) : message);
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
