// SPDX-License-Identifier: Apache-2.0
package com.acme;

import java.io.Serializable;

/** A sealed family of classes. */
public abstract sealed class Shape implements Serializable {
    private static final long serialVersionUID = 1L;

    protected final double size;

    Shape(double size) {
        this.size = size;
    }

    @Override
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && ((Shape) other).size == size;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(size);
    }

    public static final class Circle extends Shape {
        private static final long serialVersionUID = 1L;

        public Circle(double radius) {
            super(radius);
        }
    }
}
