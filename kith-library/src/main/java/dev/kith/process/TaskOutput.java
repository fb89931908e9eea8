// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;

/**
 * Java serialisation that also takes plain data without the word Serializable: see {@link Coded}.
 */
final class TaskOutput extends ObjectOutputStream {
    TaskOutput(OutputStream out) throws IOException {
        super(out);
        enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
        if (object instanceof Serializable) {
            return object;
        }
        try {
            return new Coded(Coded.encode(object));
        } catch (IpcException refused) {
            return object;
        }
    }
}
