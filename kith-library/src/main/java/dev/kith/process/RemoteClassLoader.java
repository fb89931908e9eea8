// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * The child's side of one class loader of the parent: asks there for what is not on the class path,
 * so that a lambda of a script, a REPL or an application server finds its classes.
 */
final class RemoteClassLoader extends ClassLoader {
    private final ChildControl control;
    private final int id;

    RemoteClassLoader(ChildControl control, int id) {
        super("kith-remote", ClassLoader.getSystemClassLoader());
        this.control = control;
        this.id = id;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = control.classBytes(id, name);
        if (bytes == null) {
            throw new ClassNotFoundException(
                    name.concat(" is neither on the child's class path nor known to the parent"));
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** Class files only: a child that has children of its own is asked for them in turn. */
    @Override
    public InputStream getResourceAsStream(String name) {
        InputStream local = super.getResourceAsStream(name);
        if (local != null || !name.endsWith(".class")) {
            return local;
        }
        String className = name.substring(0, name.length() - 6).replace('/', '.');
        byte[] bytes = control.classBytes(id, className);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }
}
