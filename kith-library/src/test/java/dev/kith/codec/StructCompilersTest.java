// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random records: C compilers lay them out in the same way, and their values come back. */
@Timeout(120)
class StructCompilersTest {
    private static final int RECORDS = 120;
    private static final String[] TYPES = {
        "boolean", "byte", "char", "short", "int", "long", "float", "double"
    };

    private final Random random = new Random(4);
    private Class<?> all;

    @TempDir private Path folder;

    @BeforeEach
    void compileRecords() throws Exception {
        StringBuilder source = new StringBuilder("package shapes;\nimport dev.kith.codec.*;\n");
        source.append("enum E { A, B, C }\n");
        StringBuilder components = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            source.append(random.nextInt(5) == 0 ? "@Packed " : "").append("record R").append(i);
            source.append('(');
            int count = 1 + random.nextInt(12);
            for (int c = 0; c < count; c++) {
                source.append(c == 0 ? "" : ", ").append(component(i)).append(" c").append(c);
            }
            source.append(") {}\n");
            components.append(i == 0 ? "" : ", ").append("R" + i + " r" + i);
        }
        source.append("record All(").append(components).append(") {}\n");
        Path file = Files.writeString(folder.resolve("All.java"), source);
        String classes =
                Path.of(Codec.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .toString();
        assertThat(
                        ToolProvider.findFirst("javac")
                                .orElseThrow()
                                .run(
                                        System.out,
                                        System.err,
                                        "-proc:none",
                                        "-cp",
                                        classes,
                                        "-d",
                                        folder.toString(),
                                        file.toString()))
                .isZero();
        // Not closed: its classes are used by all tests, its files are in the temporary folder.
        all = new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass("shapes.All");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "aarch64-linux-gnu-gcc", "g++"})
    void shouldLayRecordsOutAsCompilersDo(String compiler) throws Exception {
        String declaration = StructText.c(StructShape.of(all));

        assertThat(check(compiler, declaration)).isEmpty();
        long size = StructShape.of(all).size();
        assertThat(declaration.lines().filter(line -> line.startsWith("static_assert")).count())
                .isGreaterThan(5 * RECORDS);
        assertThat(
                        check(
                                compiler,
                                declaration.replace("== " + size + ",", "== " + (size + 8) + ",")))
                .as("a wrong size is noticed")
                .contains("struct All");
    }

    @Test
    void shouldReturnRandomRecords() throws Exception {
        MemoryLayout whole = StructPath.layout(StructShape.of(all), true);
        assertThat(whole.byteSize()).isEqualTo(StructShape.of(all).size());
        assertThat(whole.byteAlignment()).isEqualTo(StructShape.of(all).alignment());
        StructCode code = StructCodec.code(all);
        byte[] bytes = new byte[(int) whole.byteSize()];
        byte[] again = new byte[bytes.length];
        for (int round = 0; round < 30; round++) {
            Object value = value(all);
            random.nextBytes(bytes);
            code.write(value, MemorySegment.ofArray(bytes), 0);
            Object back = code.read(MemorySegment.ofArray(bytes), 0);
            random.nextBytes(again);
            code.write(back, MemorySegment.ofArray(again), 0);

            assertThat(again).isEqualTo(bytes);
            assertThat(back.getClass()).isSameAs(all);
            if (round == 0) {
                assertThat(back).usingRecursiveComparison().isEqualTo(value);
            }
        }
    }

    private String component(int before) {
        int length = 1 + random.nextInt(9);
        int kind = random.nextInt(10);
        if (kind == 0) {
            return "@Length(" + length + ") String";
        }
        if (kind == 1) {
            return "E";
        }
        String type =
                kind < 4 && before > 0
                        ? "R" + random.nextInt(Math.min(before, 12))
                        : TYPES[random.nextInt(TYPES.length)];
        return random.nextInt(4) == 0
                ? "@Length(" + Math.min(length, 3) + ") " + type + "[]"
                : type;
    }

    private Object value(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < values.length; i++) {
            types[i] = components[i].getType();
            Length length = components[i].getAnnotation(Length.class);
            if (types[i] == String.class) {
                values[i] = "äbcdefghi".substring(0, random.nextInt(length.value()));
            } else if (types[i].isArray()) {
                values[i] = Array.newInstance(types[i].getComponentType(), length.value());
                for (int e = 0; e < length.value(); e++) {
                    Array.set(values[i], e, single(types[i].getComponentType()));
                }
            } else {
                values[i] = single(types[i]);
            }
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private Object single(Class<?> type) throws ReflectiveOperationException {
        return switch (type.getName()) {
            case "boolean" -> random.nextBoolean();
            case "byte" -> (byte) random.nextInt();
            case "char" -> (char) random.nextInt();
            case "short" -> (short) random.nextInt();
            case "int" -> random.nextInt();
            case "long" -> random.nextLong();
            case "float" -> random.nextFloat();
            case "double" -> random.nextGaussian();
            default -> type.isEnum() ? type.getEnumConstants()[random.nextInt(3)] : value(type);
        };
    }

    private String check(String compiler, String declaration)
            throws IOException, InterruptedException {
        boolean cpp = compiler.endsWith("++");
        Path file = Files.writeString(folder.resolve(cpp ? "all.cc" : "all.c"), declaration);
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    compiler, "-Wall", "-Wextra", "-fsyntax-only", file.toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException missing) {
            assumeTrue(false, "no " + compiler + " on this machine");
            throw missing;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor() == 0).isEqualTo(!said.contains("error"));
        return said;
    }
}
