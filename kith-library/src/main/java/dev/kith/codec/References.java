// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a message has named so far, each with its place, from 1. */
final class References {
    /** Up to here looking at each is faster than hashing. */
    private static final int FEW = 16;

    private Object[] named = new Object[FEW];
    private int count;
    private int last;
    private Map<Object, Integer> places;

    /** The place of something named earlier; or 0, and it is named from now on. */
    int of(Object thing) {
        if (count > 0 && named[last] == thing) {
            return last + 1;
        }
        int place = places == null ? search(thing) : places.getOrDefault(thing, 0);
        if (place == 0) {
            add(thing);
        } else {
            last = place - 1;
        }
        return place;
    }

    void clear() {
        if (count > 0) {
            named = count > FEW ? new Object[FEW] : named;
            Arrays.fill(named, null);
            count = 0;
            last = 0;
            places = null;
        }
    }

    private int search(Object thing) {
        for (int i = 0; i < count; i++) {
            if (named[i] == thing) {
                return i + 1;
            }
        }
        return 0;
    }

    private void add(Object thing) {
        if (count == named.length) {
            named = Arrays.copyOf(named, 2 * count);
        }
        last = count;
        named[count++] = thing;
        if (places != null) {
            places.put(thing, count);
        } else if (count > FEW) {
            places = new IdentityHashMap<>();
            for (int i = 0; i < count; i++) {
                places.put(named[i], i + 1);
            }
        }
    }
}
