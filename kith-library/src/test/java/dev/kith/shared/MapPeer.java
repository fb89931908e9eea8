// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.codec.Codec;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The other process of the maps' tests. */
final class MapPeer {
    /** Fewer than the keys of the random walk, so that chains grow and cells run out. */
    static final int CAPACITY = 48;

    static final int ENTRY_BYTES = 64;
    private static final int KEYS = 24;

    private MapPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedMap<String, String> map =
                SharedMap.open(arguments[1], Codec.utf8(), Codec.utf8())) {
            switch (arguments[0]) {
                case "walk" -> {
                    ValuePeer.say("ready");
                    walk(map, arguments[2], Integer.parseInt(arguments[3]));
                }
                case "steps" -> {
                    for (int step = 0; step < STEPS; step++) {
                        step(map, step);
                    }
                }
                case "flip" -> {
                    ValuePeer.say("ready");
                    for (int n = 0; n < Integer.parseInt(arguments[3]); n++) {
                        map.put(arguments[2], text(n));
                        if (n % 3 == 0) {
                            map.remove("passing by");
                        } else {
                            map.put("passing by", text(n));
                        }
                    }
                }
                case "count" -> {
                    ValuePeer.say("ready");
                    for (int n = 0; n < Integer.parseInt(arguments[3]); n++) {
                        map.merge(arguments[2], "1", (a, b) -> "" + (Integer.parseInt(a) + 1));
                    }
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    static final int STEPS = 7;

    /** One of some changes, each of another sort. */
    static void step(Map<String, String> map, int step) {
        switch (step) {
            case 0 -> map.put("one", "first");
            case 1 -> map.put("two", "second");
            case 2 -> map.put("one", "other");
            case 3 -> map.putIfAbsent("three", "third");
            case 4 -> map.remove("two");
            case 5 -> map.replace("three", "third", "last");
            case 6 -> map.remove("one");
            default -> throw new IllegalArgumentException("" + step);
        }
    }

    /** Random changes of the keys of one process; what must be there after them. */
    static Map<String, String> walk(Map<String, String> map, String who, int times) {
        Map<String, String> model = new HashMap<>();
        Random random = new Random(who.hashCode());
        for (int n = 0; n < times; n++) {
            String key = who + random.nextInt(KEYS);
            String value = text(random.nextInt(100));
            String was = model.get(key);
            switch (random.nextInt(6)) {
                case 0, 1 -> same(map.put(key, value), model.put(key, value));
                case 2 -> same(map.remove(key), model.remove(key));
                case 3 -> same(map.putIfAbsent(key, value), model.putIfAbsent(key, value));
                case 4 -> {
                    if (was != null) {
                        same(map.replace(key, was, value), model.replace(key, was, value));
                        same(map.remove(key, was + "?"), false);
                    }
                }
                default -> same(map.get(key), was);
            }
        }
        for (int n = 0; n < KEYS; n++) {
            same(map.get(who + n), model.get(who + n));
        }
        return model;
    }

    /** Whole if all of it says the same number. */
    static String text(int number) {
        return (number + ",").repeat(1 + number % 5);
    }

    static int number(String text) {
        int number = Integer.parseInt(text.substring(0, text.indexOf(',')));
        same(text, text(number));
        return number;
    }

    private static void same(Object found, Object expected) {
        if (found == null ? expected != null : !found.equals(expected)) {
            throw new AssertionError("expected=" + expected + ", found=" + found);
        }
    }
}
