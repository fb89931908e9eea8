// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes maps, lists, records of this package, texts, numbers, truth values, empty or filled
 * optionals and durations (in milliseconds) as JSON.
 */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.write(value, 0);
        return json.text.append('\n').toString();
    }

    private void write(Object value, int depth) {
        switch (value) {
            case Map<?, ?> map -> writeMap(map, depth);
            case List<?> list -> writeList(list, depth);
            case Mechanism mechanism -> writeString(mechanism.name());
            case Record record -> writeMap(components(record), depth);
            case Optional<?> optional ->
                    optional.ifPresentOrElse(
                            there -> write(there, depth), () -> text.append("null"));
            case Duration duration -> text.append(duration.toMillis());
            case Double number when number.isNaN() || number.isInfinite() -> text.append("null");
            case Double number -> text.append(Math.round(number * 1000) / 1000.0);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case String string -> writeString(string);
            case Enum<?> constant -> writeString(constant.name());
            default ->
                    throw new IllegalArgumentException(
                            "not for JSON: " + value.getClass().getName());
        }
    }

    private void writeMap(Map<?, ?> map, int depth) {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            newLine(depth + 1);
            writeString((String) entry.getKey());
            text.append(": ");
            write(entry.getValue(), depth + 1);
            separator = ",";
        }
        close(map.isEmpty() ? "{}" : "}", map.isEmpty(), depth);
    }

    private void writeList(List<?> list, int depth) {
        String separator = "[";
        for (Object each : list) {
            text.append(separator);
            newLine(depth + 1);
            write(each, depth + 1);
            separator = ",";
        }
        close(list.isEmpty() ? "[]" : "]", list.isEmpty(), depth);
    }

    private void close(String bracket, boolean empty, int depth) {
        if (!empty) {
            newLine(depth);
        }
        text.append(bracket);
    }

    private void newLine(int depth) {
        text.append('\n').repeat("  ", depth);
    }

    private void writeString(String string) {
        text.append('"');
        for (char c : string.toCharArray()) {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static Map<String, Object> components(Record record) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                components.put(component.getName(), component.getAccessor().invoke(record));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalArgumentException("not for JSON: " + component, e);
            }
        }
        return components;
    }
}
