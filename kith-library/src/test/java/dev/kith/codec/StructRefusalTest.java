// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be a struct, and paths that lead nowhere: each sentence. */
class StructRefusalTest {
    @TempDir private Path folder;

    enum Side {
        BUY
    }

    record Level(double price, int size) {}

    record Empty() {}

    record NoLength(String name) {}

    record NoCount(int[] numbers) {}

    record Useless(@Length(4) int number) {}

    record Nothing(@Length(0) String name) {}

    record Boxed(Integer number) {}

    record Foreign(Instant time) {}

    record Listed(List<String> names) {}

    record Names(@Length(2) String[] names) {}

    record Rows(@Length(2) int[][] rows) {}

    record Sides(@Length(2) Side[] sides) {}

    record Node(int value, Link link) {}

    record Link(Node next) {}

    record Book(long time, @Length(3) Level[] levels, Level best, @Length(8) String symbol) {}

    @Test
    void shouldNameTheComponentAndTheCure() {
        assertRefused(
                Empty.class,
                "it has no components, and C knows no struct of no bytes; give it one");
        assertRefused(
                NoLength.class,
                "component name: C must know how long a text is; write @Length(n) before it, n"
                        + " bytes of UTF-8");
        assertRefused(
                NoCount.class,
                "component numbers: C must know how long an array is; write @Length(n) before it,"
                        + " n elements");
        assertRefused(
                Useless.class, "component number: int has a length of its own; take @Length away");
        assertRefused(Nothing.class, "component name: @Length(0); it must be at least 1");
        assertRefused(
                Boxed.class,
                "component number: java.lang.Integer: it may be null, and a struct has no place"
                        + " for that; use int");
        assertRefused(
                Foreign.class,
                "component time: java.time.Instant: a struct has primitive types, enums, records,"
                        + " and String and arrays with @Length(n); use those, or Codec.objects()");
        assertRefused(
                Listed.class,
                "component names: java.util.List: a struct has primitive types, enums, records,"
                        + " and String and arrays with @Length(n); use those, or Codec.objects()");
        assertRefused(
                Names.class,
                "component names: java.lang.String[]: an array may have primitive types and"
                        + " records; put java.lang.String into a record, and have an array of"
                        + " that");
        assertRefused(
                Rows.class,
                "component rows: int[][]: an array may have primitive types and records; put"
                        + " int[] into a record, and have an array of that");
        assertRefused(
                Sides.class,
                "component sides: "
                        + Side.class.getTypeName()
                        + "[]: an array may have primitive types and records; put "
                        + Side.class.getTypeName()
                        + " into a record, and have an array of that");
        assertThatThrownBy(() -> Codec.struct(Node.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "struct of "
                                + Link.class.getName()
                                + ": component next: a "
                                + Node.class.getName()
                                + " cannot hold another one, it would have no end; hold its number"
                                + " or name instead");
        assertRefused(Record.class, "not a record class; make it a record");
    }

    @Test
    void shouldSayHowToOpenTheModuleOfARecord() throws Exception {
        Class<?> point = module("module shapes { exports shapes; }");

        assertRefused(
                point,
                "shapes.Point is not open to Kith: write in the module-info of shapes: opens"
                        + " shapes"
                        + (Codec.class.getModule().isNamed() ? " to dev.kith;" : ";"));
    }

    @Test
    void shouldKeepARecordOfAModuleThatIsOpen() throws Exception {
        Class<?> point = module("module shapes { opens shapes; }");
        var constructor = point.getDeclaredConstructor(int.class, int.class);
        constructor.setAccessible(true);
        Object value = constructor.newInstance(1, 2);

        assertThat(roundTrip(point, value)).isEqualTo(value);
    }

    @Test
    void shouldSayWhatToDoWithTooManyComponents() throws Exception {
        String components =
                IntStream.range(0, 127)
                        .mapToObj(i -> "long a" + i)
                        .collect(Collectors.joining(","));
        Class<?> wide = compile("record Point(" + components + ") {}", null);

        assertRefused(
                wide,
                "components=127, which are more than a method handle takes; put some of them into"
                        + " records inside it");
    }

    @Test
    void shouldSayWhatIsWrongWithAPath() {
        assertNoPath("", "not of the form name, name.name, name[3] or name[]");
        assertNoPath("best.", "not of the form name, name.name, name[3] or name[]");
        assertNoPath("levels[-1]", "not of the form name, name.name, name[3] or name[]");
        assertNoPath(
                "price",
                Book.class.getName()
                        + " has no component \"price\"; it has time, levels, best, symbol");
        assertNoPath(
                "best.time",
                Level.class.getName() + " has no component \"time\"; it has price, size");
        assertNoPath("time.nanos", "time is no record, there is nothing in it");
        assertNoPath("time[0]", "time is no array");
        assertNoPath("levels.price", "levels is an array; say which element: levels[0]");
        assertNoPath("levels[3]", "index=3, length=3");
        assertNoPath("symbol[8]", "index=8, length=8");
        StructLayout<Book> books = Codec.struct(Book.class);
        assertThatThrownBy(() -> books.offset("levels[].size"))
                .hasMessage(
                        "path \"levels[].size\": an open index has no offset; write a number into"
                                + " []");
        assertThatThrownBy(() -> books.varHandle("symbol"))
                .hasMessage(
                        "path \"symbol\": it has many elements; say \"symbol[]\" for a handle that"
                                + " takes an index, or use offset()");
        assertThatThrownBy(() -> books.varHandle("levels[1]"))
                .hasMessage("path \"levels[1]\": a record is no number; say which component of it");
    }

    private static void assertNoPath(String path, String reason) {
        assertThatThrownBy(() -> Codec.struct(Book.class).offset(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path \"" + path + "\": " + reason);
    }

    private static void assertRefused(Class<?> type, String reason) {
        assertThatThrownBy(() -> StructCodec.code(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("struct of " + type.getName() + ": " + reason);
    }

    @SuppressWarnings("unchecked") // the value is of the type
    private static <R extends Record> Object roundTrip(Class<?> type, Object value) {
        return Bytes.roundTrip(Codec.struct((Class<R>) type), (R) value);
    }

    private Class<?> module(String moduleInfo) throws Exception {
        compile("record Point(int x, int y) {}", moduleInfo);
        Configuration configuration =
                ModuleLayer.boot()
                        .configuration()
                        .resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("shapes"));
        return ModuleLayer.boot()
                .defineModulesWithOneLoader(configuration, getClass().getClassLoader())
                .findLoader("shapes")
                .loadClass("shapes.Point");
    }

    private Class<?> compile(String declaration, String moduleInfo) throws Exception {
        Path source = folder.resolve("Point.java");
        Files.writeString(source, "package shapes; " + declaration);
        String[] arguments = {"-d", folder.toString(), source.toString()};
        if (moduleInfo != null) {
            Path module = Files.writeString(folder.resolve("module-info.java"), moduleInfo);
            arguments =
                    new String[] {"-d", folder.toString(), source.toString(), module.toString()};
        }
        assertThat(
                        ToolProvider.findFirst("javac")
                                .orElseThrow()
                                .run(System.out, System.err, arguments))
                .isZero();
        // Not closed: the class outlives this method, and its file stays in the temporary folder.
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass("shapes.Point");
    }
}
