// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * {@code kith example}: programs found by a list on the class path, so that this module needs none
 * of them.
 */
final class ExampleCommand implements Command {
    private static final String LIST = "META-INF/kith/examples";

    @Override
    public Usage usage() {
        return Usage.of(
                        "example",
                        "[NAME [ARGUMENT…]]",
                        0,
                        Usage.ANY,
                        "list the example programs, or run one")
                .passingOn()
                .options(Option.JSON)
                .examples("kith example", "kith example pipe-hello");
    }

    /** One line of the list. */
    private record Example(String name, String className, String summary) {}

    @Override
    public int run(Arguments arguments, Output out) throws Exception {
        Collection<Example> examples = examples();
        if (arguments.words().isEmpty()) {
            list(examples, arguments.has(Option.JSON), out);
            return 0;
        }
        String name = arguments.word(0);
        StringJoiner known = new StringJoiner(" ");
        for (Example example : examples) {
            if (example.name().equals(name)) {
                run(
                        example,
                        arguments
                                .words()
                                .subList(1, arguments.words().size())
                                .toArray(new String[0]));
                return 0;
            }
            known.add(example.name());
        }
        throw new IllegalArgumentException("no example " + name + ": known are " + known);
    }

    private static void list(Collection<Example> examples, boolean json, Output out) {
        List<Object> array = new ArrayList<>();
        Table table = new Table();
        for (Example example : examples) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", example.name());
            object.put("class", example.className());
            object.put("summary", example.summary());
            array.add(object);
            table.row(example.name(), example.summary());
        }
        out.line(json ? Json.lines(array) : table.toString().stripTrailing());
    }

    private static Collection<Example> examples() throws IOException {
        // A list that is on the class path twice, in a folder and in a jar, counts once.
        Map<String, Example> examples = new LinkedHashMap<>();
        Enumeration<URL> lists = Thread.currentThread().getContextClassLoader().getResources(LIST);
        while (lists.hasMoreElements()) {
            try (InputStream in = lists.nextElement().openStream()) {
                String list = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (String line : list.split("\n")) {
                    String[] fields = line.strip().split("\t", 3);
                    if (fields.length == 3) {
                        examples.putIfAbsent(
                                fields[0], new Example(fields[0], fields[1], fields[2]));
                    }
                }
            }
        }
        if (examples.isEmpty()) {
            throw new IpcException("no examples on the class path: kith-examples.jar is missing");
        }
        return examples.values();
    }

    /** Runs the program in this process, printing UTF-8 whatever the locale. */
    private static void run(Example example, String[] args) throws Exception {
        System.setOut(
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Method main =
                Class.forName(example.className(), true, loader).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw thrown;
        }
    }
}
