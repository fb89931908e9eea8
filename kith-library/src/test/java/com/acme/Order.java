// SPDX-License-Identifier: Apache-2.0
package com.acme;

import java.io.Serializable;
import java.util.HashMap;

/** A class of a user's: Serializable, and no record. */
public final class Order implements Serializable {
    private static final long serialVersionUID = 1L;

    public final String customer;
    public final HashMap<String, Integer> lines = new HashMap<>();

    @SuppressWarnings("serial") // what a test puts there may well not be
    public Object owner;

    public Order(String customer) {
        this.customer = customer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Order order
                && order.customer.equals(customer)
                && order.lines.equals(lines);
    }

    @Override
    public int hashCode() {
        return customer.hashCode();
    }
}
