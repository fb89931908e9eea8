// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.CProgram;
import dev.kith.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A C program that knows docs/design/ring-layout.md and nothing else, in both directions. */
@Timeout(60)
class RingCTest {
    private static final String PROGRAM =
            """
            #include <fcntl.h>
            #include <stdint.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/mman.h>

            static char *map;
            static uint64_t capacity;
            static char *data, *cursors;

            static int ring(const char *path) {
                int fd = open(path, O_RDWR);
                map = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
                if (memcmp(map, "KITHMEM1", 8) || *(uint32_t *)(map + 8) != 1) return 1;
                uint64_t total = *(uint64_t *)(map + 16), start = *(uint64_t *)(map + 32);
                uint32_t slots = *(uint32_t *)(map + 28);
                capacity = *(uint64_t *)(map + 40);
                map = mmap(0, total, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                data = map + start;
                cursors = map + 256 + 128 * slots;
                return 0;
            }

            static uint64_t *at(uint64_t position) {
                return (uint64_t *)(data + (position & (capacity - 1)));
            }

            static uint64_t tag(uint64_t position) {
                return (uint64_t)((uint32_t)(position >> 3) | 0x80000000u) << 32;
            }

            int main(int count, char **words) {
                if (ring(words[2])) return 2;
                int messages;
                sscanf(words[3], "%d", &messages);
                uint64_t position = 0;
                if (*words[1] == 'r') {
                    for (int i = 0; i < messages;) {
                        uint64_t word = __atomic_load_n(at(position), __ATOMIC_ACQUIRE);
                        if ((word ^ tag(position)) >> 32) continue;
                        uint32_t low = word;
                        if (low & 0x80000000u) {
                            position += low & 0x7fffffff;
                        } else {
                            uint64_t to = low & 0x40000000u ? 63 : 7;
                            low &= 0x3fffffffu;
                            printf("%.*s\\n", (int)low - 1, (char *)(at(position) + 1));
                            position = (position + 8 + low - 1 + to) & ~to;
                            i++;
                        }
                        __atomic_store_n((uint64_t *)(cursors + 256), position, __ATOMIC_RELEASE);
                        __atomic_store_n((uint64_t *)(cursors + 128), position, __ATOMIC_RELEASE);
                    }
                } else {
                    for (int i = 0; i < messages; i++) {
                        char text[32];
                        uint64_t length = sprintf(text, "message %d of C", i);
                        uint64_t end = capacity - (position & (capacity - 1));
                        uint64_t skip = length + 8 <= end ? 0 : end;
                        uint64_t to = i % 3 ? 63 : 7;
                        uint64_t size = ((position + skip + 8 + length + to) & ~to) - position - skip;
                        while (position + skip + size
                                - __atomic_load_n((uint64_t *)(cursors + 128), __ATOMIC_ACQUIRE)
                                > capacity) {}
                        memcpy(at(position + skip) + 1, text, length);
                        uint64_t next = position + skip + size;
                        if (!((*at(next) ^ tag(next)) >> 32)) *at(next) = 0;
                        uint64_t word = tag(position + skip) | (length + 1) | (to == 63 ? 0x40000000u : 0);
                        if (skip) {
                            *at(position + skip) = word;
                            word = tag(position) | 0x80000000u | skip;
                        }
                        __atomic_store_n(at(position), word, __ATOMIC_RELEASE);
                        position = next;
                    }
                }
                return 0;
            }
            """;

    @Test
    void shouldBeReadByC(@TempDir Path folder) throws Exception {
        CProgram program = CProgram.compile(folder, PROGRAM);
        try (Rings test = Rings.create(RingLayout.KIND_SPSC, 256);
                RingProducer out = test.ring.producer(Waiter.YIELD)) {
            Process c = program.start("read", "/dev/shm/" + test.ring.name(), 1000);
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                sent.add("x".repeat(i % 50) + i);
                out.put(sent.getLast(), Codec.utf8());
            }
            byte[] printed = c.getInputStream().readAllBytes();
            assertThat(new String(printed, StandardCharsets.UTF_8).lines().toList())
                    .isEqualTo(sent);
            assertThat(c.waitFor()).isZero();
        }
    }

    @Test
    void shouldReadWhatCWrites(@TempDir Path folder) throws Exception {
        CProgram program = CProgram.compile(folder, PROGRAM);
        try (Rings test = Rings.create(RingLayout.KIND_SPSC, 256);
                RingConsumer in = test.ring.consumer(Waiter.YIELD)) {
            Process c = program.start("write", "/dev/shm/" + test.ring.name(), 1000);
            for (int i = 0; i < 1000; i++) {
                List<String> got = new ArrayList<>();
                in.await();
                in.drain((m, at, n) -> got.add(Codec.utf8().decode(m.asSlice(at, n))), 1);
                assertThat(got).containsExactly("message " + i + " of C");
            }
            assertThat(c.waitFor()).isZero();
        }
    }
}
