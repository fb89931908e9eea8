// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.acme.Money;
import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.IpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where classes come from: other class loaders, modules, processes. */
class ObjectsCodecClassesTest {
    private final Codec<Object> objects = Codec.objects();

    @TempDir private Path folder;

    @Test
    void shouldFindClassesThroughTheContextClassLoader() throws Exception {
        compile(null);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Object point = point(loader);
            byte[] bytes = Bytes.encode(objects, point);

            assertThatThrownBy(() -> Bytes.decode(objects, bytes))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining(
                            "class shapes.Point is not on the class path of this process");
            assertThat(decodeIn(loader, bytes)).isEqualTo(point);
            assertThat(decodeIn(loader, bytes)).isEqualTo(point);
        }
    }

    @Test
    void shouldKeepClassesOfTwoLoadersApart() throws Exception {
        compile(null);
        URL[] where = {folder.toUri().toURL()};
        try (URLClassLoader first = new URLClassLoader(where);
                URLClassLoader second = new URLClassLoader(where)) {
            byte[] bytes = Bytes.encode(objects, point(first));

            for (URLClassLoader loader : List.of(first, second, first)) {
                assertThat(decodeIn(loader, bytes).getClass().getClassLoader()).isSameAs(loader);
            }
        }
    }

    @Test
    void shouldSayHowToOpenTheModuleOfARecord() throws Exception {
        compile("module shapes { exports shapes; }");
        Object point = point(moduleLoader());

        assertThatThrownBy(() -> Bytes.encode(objects, List.of(point)))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith(
                        "value[0]: shapes.Point is not open to Kith: write in the module-info of"
                                + " shapes: opens shapes");
    }

    @Test
    void shouldKeepARecordOfAModuleThatIsOpen() throws Exception {
        compile("module shapes { exports shapes; opens shapes; }");
        ClassLoader loader = moduleLoader();
        Object point = point(loader);

        assertThat(decodeIn(loader, Bytes.encode(objects, point))).isEqualTo(point);
    }

    @Test
    void shouldPassValuesThroughAnotherProcess() throws Exception {
        List<Object> value = new ArrayList<>(Arrays.asList(42, null, "hello", 1L << 40, 1.5, 'c'));
        value.add(new Money(1, "EUR"));
        value.add(new ObjectsCodecTest.Pair<>(Map.of("a", ObjectsCodecTest.Letter.B), Set.of(1)));
        value.add(new TreeSet<>(List.of(3, 1)));
        byte[] bytes = Bytes.encode(objects, value);
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                ChildJvm.classPath(),
                                Echo.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (OutputStream in = child.getOutputStream();
                InputStream out = child.getInputStream()) {
            in.write(bytes);
            in.close();

            assertThat(Bytes.decode(objects, out.readAllBytes())).isEqualTo(value);
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    /** Reads a value from standard input and writes it to standard output. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws IOException {
            Object value = Bytes.decode(Codec.objects(), System.in.readAllBytes());
            System.out.write(Bytes.encode(Codec.objects(), value));
            System.out.flush();
        }
    }

    /** Compiles a record that is not public, and a class that makes one, into the folder. */
    private void compile(String moduleInfo) throws Exception {
        Path source = folder.resolve("Points.java");
        Files.writeString(
                source,
                """
                package shapes;

                public class Points {
                    public static Object point() {
                        return new Point(7);
                    }
                }

                record Point(int x) {}
                """);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        command.addAll(List.of("-d", folder.toString(), source.toString()));
        if (moduleInfo != null) {
            Path module = folder.resolve("module-info.java");
            Files.writeString(module, moduleInfo);
            command.add(module.toString());
        }
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(javac.getInputStream().readAllBytes());
        assertThat(javac.waitFor()).as(output).isZero();
    }

    private ClassLoader moduleLoader() {
        Configuration configuration =
                ModuleLayer.boot()
                        .configuration()
                        .resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("shapes"));
        return ModuleLayer.boot()
                .defineModulesWithOneLoader(configuration, null)
                .findLoader("shapes");
    }

    private static Object point(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("shapes.Points").getMethod("point").invoke(null);
    }

    private Object decodeIn(ClassLoader context, byte[] bytes) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(context);
        try {
            return Bytes.decode(objects, bytes);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
