// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a channel goes: {@code scheme:path?option=value&option=value}.
 *
 * <p>{@link #parse} and {@link #toString} are inverse. In the path {@code ?} and {@code %} are
 * written {@code %3F} and {@code %25}; in an option's name and value {@code &}, {@code =} and
 * {@code %} likewise. An option without {@code =} has an empty value.
 *
 * @param scheme names the mechanism: {@code fifo}
 * @param path what stands after the colon, decoded: {@code /tmp/jobs}, {@code //localhost:9999};
 *     may be empty
 * @param options in the order in which they were given
 */
public record Address(String scheme, String path, Map<String, String> options)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Checks the scheme and copies the options. */
    public Address {
        if (!scheme.matches("[a-z][a-z0-9+]*")) {
            throw new IllegalArgumentException(
                    "not a scheme: \""
                            + scheme
                            + "\": it is of small letters, digits and +, as in fifo:/tmp/jobs");
        }
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Reads an address.
     *
     * @param text {@code mq:/jobs?capacity=10}
     * @return the address; whether its scheme and options exist is found out when it is used
     * @throws IllegalArgumentException if it has no scheme or a broken escape
     */
    public static Address parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "not an address: \""
                            + text
                            + "\": it begins with a scheme, as in fifo:/tmp/jobs");
        }
        int question = text.indexOf('?', colon);
        String path = text.substring(colon + 1, question < 0 ? text.length() : question);
        Map<String, String> options = new LinkedHashMap<>();
        if (question >= 0 && question + 1 < text.length()) {
            for (String option : text.substring(question + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                String name = decode(equals < 0 ? option : option.substring(0, equals), text);
                String value = equals < 0 ? "" : decode(option.substring(equals + 1), text);
                if (name.isEmpty()) {
                    throw new IllegalArgumentException(
                            "an option without a name: \"" + text + "\"");
                }
                if (options.put(name, value) != null) {
                    throw new IllegalArgumentException(
                            "option " + name + " given twice: \"" + text + "\"");
                }
            }
        }
        return new Address(text.substring(0, colon), decode(path, text), options);
    }

    /**
     * The same address with another path.
     *
     * @param other the path
     * @return a new address
     */
    public Address withPath(String other) {
        return new Address(scheme, other, options);
    }

    /**
     * The same address with one more option, or another value for it.
     *
     * @param name of the option
     * @param value of the option
     * @return a new address
     */
    public Address withOption(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new Address(scheme, path, more);
    }

    /**
     * The same address without its options: what names the object.
     *
     * @return a new address
     */
    public Address withoutOptions() {
        return new Address(scheme, path, Map.of());
    }

    /**
     * An option that is a whole number.
     *
     * @param name of the option
     * @param otherwise if it was not given
     * @param least the smallest value allowed
     * @param most the largest value allowed
     * @return the value
     * @throws IllegalArgumentException if it is not a number within these bounds
     */
    public long number(String name, long otherwise, long least, long most) {
        String value = options.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.decode(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException not) {
            // said below
        }
        throw new IllegalArgumentException(
                this
                        + ": "
                        + name
                        + "="
                        + value
                        + ": not a whole number from "
                        + least
                        + " to "
                        + most);
    }

    /**
     * An option that is on or off.
     *
     * @param name of the option
     * @return true for {@code name}, {@code name=true}; false for {@code name=false} and if it was
     *     not given
     * @throws IllegalArgumentException if it is something else
     */
    public boolean flag(String name) {
        String value = options.getOrDefault(name, "false");
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            this + ": " + name + "=" + value + ": true or false");
        };
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append(':').append(encode(path, "%?"));
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(encode(option.getKey(), "%&="));
            if (!option.getValue().isEmpty()) {
                text.append('=').append(encode(option.getValue(), "%&="));
            }
            separator = '&';
        }
        return text.toString();
    }

    private static String encode(String part, String escaped) {
        StringBuilder text = new StringBuilder();
        for (char c : part.toCharArray()) {
            if (escaped.indexOf(c) >= 0) {
                text.append('%')
                        .append(Character.forDigit(c >> 4, 16))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String decode(String part, String whole) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int high = hex(bytes, i + 1);
                int low = hex(bytes, i + 2);
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException(
                            "a % without two hex digits: \"" + whole + "\"");
                }
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static int hex(byte[] bytes, int index) {
        return index < bytes.length ? Character.digit(bytes[index], 16) : -1;
    }

    private Object writeReplace() {
        return new Travelling(toString());
    }

    /** As text: no filter of the reader's has to know the class of the options. */
    private record Travelling(String address) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return parse(address);
        }
    }
}
