// SPDX-License-Identifier: Apache-2.0
package com.acme;

/** A record that checks what it is made of. */
public record Money(long cents, String currency) {
    public Money {
        if (currency.length() != 3) {
            throw new IllegalArgumentException("no currency: " + currency);
        }
    }
}
