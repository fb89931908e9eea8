// SPDX-License-Identifier: Apache-2.0
package com.acme;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;

/** A class that does something while it is read. */
public final class Danger implements Serializable {
    private static final long serialVersionUID = 1L;

    public static boolean done;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        done = true;
        in.defaultReadObject();
    }
}
