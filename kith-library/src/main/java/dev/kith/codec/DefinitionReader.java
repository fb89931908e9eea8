// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the classes, records and constants that a message names, and remembers them to its end. */
final class DefinitionReader {
    private static final int MANY = 1000;

    private final Input in;
    private List<Class<?>> classes = new ArrayList<>();
    private List<Object> definitions = new ArrayList<>();
    private Allowed allowed;

    DefinitionReader(Input in) {
        this.in = in;
    }

    void begin(Allowed rule) {
        allowed = rule;
    }

    void end() {
        allowed = null;
        // A list keeps its room for the next message, but not what a peer blew it up to.
        if (classes.size() + definitions.size() > MANY) {
            classes = new ArrayList<>();
            definitions = new ArrayList<>();
        } else {
            classes.clear();
            definitions.clear();
        }
    }

    /** The record class that follows. */
    RecordShape record() {
        int place = in.count();
        if (place != 0) {
            if (place > definitions.size()
                    || !(definitions.get(place - 1) instanceof RecordShape known)) {
                throw in.broken("record " + place + " was not described");
            }
            return known;
        }
        Class<?> type = className();
        Shape shape = Shape.of(type);
        if (shape.tag != Tag.RECORD) {
            throw in.broken(type.getName() + " is not a record that travels as data");
        }
        if (shape.record.obstacle() != null) {
            throw new Broken(shape.record.obstacle());
        }
        if (!in.follows(shape.record.definition())) {
            throw in.broken(
                    "record "
                            + type.getName()
                            + " has components "
                            + shape.record.names()
                            + " here, and "
                            + otherNames()
                            + " in the message; both sides need the same version");
        }
        definitions.add(shape.record);
        return shape.record;
    }

    /** The constant that follows. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // the type is known at run time only
    Enum<?> constant() {
        int place = in.count();
        if (place == 0) {
            Enum<?> constant = Enum.valueOf((Class) enumType(), in.text());
            definitions.add(constant);
            return constant;
        }
        if (place > definitions.size() || !(definitions.get(place - 1) instanceof Enum<?> known)) {
            throw in.broken("constant " + place + " was not named");
        }
        return known;
    }

    /** The class that follows, which must be an enum. */
    Class<?> enumType() {
        Class<?> type = className();
        if (!type.isEnum()) {
            throw in.broken(type.getName() + " is not an enum");
        }
        return type;
    }

    /** The class that follows, which must be allowed. */
    Class<?> className() {
        int place = in.count();
        if (place != 0) {
            if (place > classes.size()) {
                throw in.broken("class " + place + " was not named");
            }
            return classes.get(place - 1);
        }
        byte[] name = in.bytes();
        Class<?> type;
        try {
            type = ClassNames.find(name);
        } catch (ClassNotFoundException e) {
            String text = new String(name, StandardCharsets.UTF_8);
            throw in.broken("class " + text + " is not on the class path of this process", e);
        }
        if (!allowed.data(type)) {
            throw in.broken(allowed.refusal(type));
        }
        classes.add(type);
        return type;
    }

    private List<String> otherNames() {
        int n = in.claim(1);
        List<String> names = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            in.element(1);
            names.add(in.text());
        }
        return names;
    }
}
