// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * Writes by Java serialisation what has no compact form: exceptions, handles, classes that the user
 * allowed.
 */
final class JavaWriter {
    private JavaWriter() {}

    static byte[] write(Object value, Allowed allowed) {
        if (!(value instanceof Serializable)) {
            throw new Refused(Unserializable.reason(value.getClass()), value);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new Checked(bytes, allowed, value)) {
            stream.writeObject(value);
        } catch (NotSerializableException e) {
            throw refused(e, value);
        } catch (IOException e) {
            throw new Refused(value.getClass().getName() + ": " + e.getMessage(), value, e);
        } catch (StackOverflowError e) {
            throw new Refused(
                    value.getClass().getName()
                            + " is nested too deep for Java serialisation; make it a list",
                    value,
                    e);
        } catch (Refused e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Refused(value.getClass().getName() + " cannot be written: " + e, value, e);
        }
        return bytes.toByteArray();
    }

    private static Refused refused(NotSerializableException e, Object value) {
        Unserializable found = Unserializable.in(value);
        if (found != null) {
            return new Refused(found.reason(), null, e).within(value, found.path());
        }
        // A handle explains itself in a sentence; the JDK names the class only.
        String message = String.valueOf(e.getMessage());
        return new Refused(
                message.contains(" ") ? message : message + " is not Serializable", value, e);
    }

    /** Asks of each class that is written what the reader will ask. */
    private static final class Checked extends ObjectOutputStream {
        private final Allowed allowed;
        private final Object value;

        Checked(OutputStream out, Allowed allowed, Object value) throws IOException {
            super(out);
            this.allowed = allowed;
            this.value = value;
        }

        @Override
        protected void annotateClass(Class<?> type) {
            if (!allowed.java(type)) {
                throw new Refused(allowed.refusal(type), value);
            }
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            throw new Refused("a dynamic proxy, " + type.getName() + ", does not travel", value);
        }
    }
}
