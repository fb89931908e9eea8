// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.CProgram;
import dev.kith.Python;
import dev.kith.posix.SharedMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** C and Python read what Java writes, and the other way round, each in a process of its own. */
@Timeout(60)
class StructForeignTest {
    private static final StructLayout<Order> ORDERS = Codec.struct(Order.class);

    @TempDir private Path folder;

    enum Side {
        BUY,
        SELL
    }

    record Level(double price, int size) {}

    record Tick(long time, Side side, double price, int size, @Length(8) String symbol) {}

    record Order(
            boolean live,
            byte flags,
            char letter,
            short venue,
            long id,
            Side side,
            float weight,
            @Length(8) String symbol,
            @Length(2) Level[] levels,
            @Length(3) int[] register) {}

    private static final Order SENT =
            new Order(
                    true,
                    (byte) -2,
                    'ß',
                    (short) -300,
                    1L << 40,
                    Side.SELL,
                    0.5f,
                    "größe",
                    new Level[] {new Level(99.5, 7), new Level(-1e300, -8)},
                    new int[] {1, -2, 3});

    private static final Order ANSWER =
            new Order(
                    false,
                    (byte) 3,
                    'x',
                    (short) 301,
                    -7,
                    Side.BUY,
                    -2.5f,
                    "KITHKITH",
                    new Level[] {new Level(1.25, 70), new Level(2.5, 80)},
                    new int[] {-4, 5, -6});

    @Test
    void shouldShareAStructInMemoryWithC() throws Exception {
        CProgram program =
                CProgram.compile(
                        folder,
                        """
                        #include <fcntl.h>
                        #include <stdio.h>
                        #include <string.h>
                        #include <sys/mman.h>
                        %s
                        int main(int count, char **arguments) {
                            int fd = shm_open(arguments[1], O_RDWR, 0);
                            struct Order *o = mmap(0, sizeof *o, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                            printf("%%d %%d %%d %%d %%lld %%d %%g %%.*s %%g %%d %%g %%d %%d %%d %%d\\n",
                                o->live, o->flags, o->letter, o->venue, (long long) o->id, o->side,
                                o->weight, (int) strnlen(o->symbol, 8), o->symbol,
                                o->levels[0].price, o->levels[0].size,
                                o->levels[1].price, o->levels[1].size,
                                o->register_[0], o->register_[1], o->register_[2]);
                            *o = (struct Order) {
                                .flags = 3, .letter = 'x', .venue = 301, .id = -7, .weight = -2.5f,
                                .symbol = {'K', 'I', 'T', 'H', 'K', 'I', 'T', 'H'},
                                .levels = {{1.25, 70}, {2.5, 80}}, .register_ = {-4, 5, -6}};
                            return 0;
                        }
                        """
                                .formatted(ORDERS.toC()));
        String name = "/kith-struct-" + ProcessHandle.current().pid();
        try (SharedMemory memory = SharedMemory.create(name, ORDERS.byteSize())) {
            try {
                ORDERS.write(SENT, memory.segment(), 0);

                assertThat(program.run(name))
                        .isEqualTo(
                                "1 -2 223 -300 1099511627776 1 0.5 größe 99.5 7 -1e+300 -8 1 -2 3");
                assertThat(ORDERS.read(memory.segment(), 0))
                        .usingRecursiveComparison()
                        .isEqualTo(ANSWER);
            } finally {
                memory.unlink();
            }
        }
    }

    @Test
    void shouldPassStructsToPythonAndBack() throws Exception {
        Process python =
                Python.start(
                        """
                        import struct, sys
                        from ctypes import *
                        class Level(Structure):
                            _fields_ = [('price', c_double), ('size', c_int32)]
                        class Order(Structure):
                            _fields_ = [('live', c_bool), ('flags', c_int8), ('letter', c_uint16),
                                ('venue', c_int16), ('id', c_int64), ('side', c_int32),
                                ('weight', c_float), ('symbol', c_char * 8),
                                ('levels', Level * 2), ('register', c_int32 * 3)]
                        layout = struct.Struct('<?bHhxxqif8sdi4xdi4xiii4x')
                        sent = sys.stdin.buffer.read()
                        v = layout.unpack(sent)
                        assert v == (True, -2, ord('ß'), -300, 1 << 40, 1, 0.5,
                            'größe'.encode() + b'\\0', 99.5, 7, -1e300, -8, 1, -2, 3), v
                        o = Order.from_buffer_copy(sent)
                        assert sizeof(o) == len(sent) and o.symbol.decode() == 'größe', o.symbol
                        assert o.id == 1 << 40 and o.levels[1].size == -8, o.id
                        assert list(o.register) == [1, -2, 3], list(o.register)
                        back = layout.pack(False, 3, ord('x'), 301, -7, 0, -2.5,
                            b'KITHKITH', 1.25, 70, 2.5, 80, -4, 5, -6)
                        o = Order(False, 3, ord('x'), 301, -7, 0, -2.5, b'KITHKITH',
                            (Level(1.25, 70), Level(2.5, 80)), (-4, 5, -6))
                        assert bytes(o) == back, bytes(o)
                        sys.stdout.buffer.write(back)
                        """);
        assertThat(answer(python)).usingRecursiveComparison().isEqualTo(ANSWER);
    }

    @Test
    void shouldPassStructsToNumpyAndBack() throws Exception {
        assumeNumpy();
        Process python =
                Python.start(
                        """
                        import ast, sys
                        import numpy as np
                        dtype = np.dtype(ast.literal_eval(sys.argv[1]))
                        o = np.frombuffer(sys.stdin.buffer.read(), dtype)[0]
                        assert o['live'] and o['flags'] == -2 and o['letter'] == ord('ß'), o
                        assert o['venue'] == -300 and o['id'] == 1 << 40 and o['side'] == 1, o
                        assert o['weight'] == 0.5 and o['symbol'].decode() == 'größe', o
                        assert o['levels']['price'].tolist() == [99.5, -1e300], o
                        assert o['levels'][1]['size'] == -8, o
                        assert o['register'].tolist() == [1, -2, 3], o
                        back = np.zeros(1, dtype)
                        back[0] = (False, 3, ord('x'), 301, -7, 0, -2.5, b'KITHKITH',
                            [(1.25, 70), (2.5, 80)], [-4, 5, -6])
                        sys.stdout.buffer.write(back.tobytes())
                        """,
                        ORDERS.toNumpy());
        assertThat(answer(python)).usingRecursiveComparison().isEqualTo(ANSWER);
    }

    @Test
    void shouldRunTheProgramsOfTheDocument() throws Exception {
        String document = Files.readString(Path.of("../docs/structs.md"));
        StructLayout<Tick> layout = Codec.struct(Tick.class);
        assertThat(document).contains(layout.toC(), "np.dtype(" + layout.toNumpy() + ")");
        // Not the name of the document, which its own test uses.
        String name = "/kith-struct-docs-" + ProcessHandle.current().pid();
        String c = block(document, "c").replace("/docs-tick", name);
        String python = block(document, "python").replace("/docs-tick", name);
        try (SharedMemory memory = SharedMemory.create(name, layout.byteSize())) {
            try {
                layout.write(new Tick(1, Side.SELL, 99.5, 7, "KITH"), memory.segment(), 0);

                assertThat(CProgram.compile(folder, c).run()).isEqualTo("KITH 99.5");
                assumeNumpy();
                assertThat(Python.run(python).strip()).isEqualTo("KITH 99.5");
            } finally {
                memory.unlink();
            }
        }
    }

    private static String block(String document, String language) {
        int begin = document.indexOf("```" + language + "\n") + language.length() + 4;
        return document.substring(begin, document.indexOf("```", begin));
    }

    private static void assumeNumpy() throws Exception {
        assumeTrue(
                Python.start("import importlib.util as u; exit(u.find_spec('numpy') is None)")
                                .waitFor()
                        == 0,
                "no numpy on this machine (pip install numpy)");
    }

    private static Order answer(Process python) throws IOException, InterruptedException {
        try (OutputStream in = python.getOutputStream();
                InputStream out = python.getInputStream()) {
            in.write(Bytes.encode(ORDERS, SENT));
            in.close();
            byte[] bytes = out.readAllBytes();
            assertThat(python.waitFor()).isZero();
            return Bytes.decode(ORDERS, bytes);
        }
    }
}
