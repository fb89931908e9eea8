// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import com.acme.Order;
import dev.kith.Broken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Feeds what no encoder wrote to {@link Codec#objects()}; ends with status 0 if that was borne. */
final class ObjectsCodecFuzz {
    private static final int RANDOM_MESSAGES = 200_000;
    private static final int CHANGED_MESSAGES = 200_000;
    private static final int CHANGED_STREAMS = 20_000;

    private int values;
    private int broken;

    private ObjectsCodecFuzz() {}

    public static void main(String[] arguments) {
        ObjectsCodecFuzz fuzz = new ObjectsCodecFuzz();
        fuzz.random();
        fuzz.changed();
        fuzz.streams();
        fuzz.lies();
        System.out.println("values=" + fuzz.values + " broken=" + fuzz.broken);
    }

    /** Random bytes, most of them tags. */
    private void random() {
        Random random = new Random(42);
        for (int i = 0; i < RANDOM_MESSAGES; i++) {
            byte[] bytes = new byte[1 + random.nextInt(100)];
            random.nextBytes(bytes);
            // Most bytes are tags or small counts then, so that more than the first is read.
            for (int at = 0; at < bytes.length && i % 4 != 0; at++) {
                bytes[at] = (byte) random.nextInt(random.nextInt(8) == 0 ? 256 : 60);
            }
            bytes[0] = (byte) Tag.VERSION;
            read(Codec.objects(), bytes, "random " + i);
        }
    }

    /** Messages that were right, changed in up to three places. */
    private void changed() {
        List<byte[]> messages = new ArrayList<>();
        for (int seed = 0; seed < 500; seed++) {
            Object value = new RandomValues(seed).value(4);
            if (value != null) {
                messages.add(Bytes.encode(Codec.objects(), value));
            }
        }
        change(Codec.objects(), messages, CHANGED_MESSAGES);
    }

    /** Java serialisation, changed likewise. */
    private void streams() {
        Order order = new Order("Ada");
        order.lines.put("tea", 3);
        order.owner = new ArrayList<>(List.of(new int[] {1, 2, 3}, "x"));
        Exception exception = new IllegalStateException("x", new java.io.IOException("y"));
        exception.addSuppressed(new RuntimeException());
        Codec<Object> codec = Codec.objects(Order.class);
        change(
                codec,
                List.of(Bytes.encode(codec, order), Bytes.encode(codec, exception)),
                CHANGED_STREAMS);
    }

    /** Large messages of containers in containers, each of which claims all that is left. */
    private void lies() {
        for (int tag = 0; tag < 64; tag++) {
            for (int header : new int[] {0, 1, 2, 3}) {
                byte[] bytes = new byte[1 << 20];
                bytes[0] = (byte) Tag.VERSION;
                int at = 1;
                while (at + 8 < bytes.length) {
                    bytes[at++] = (byte) tag;
                    at += header;
                    int count = bytes.length - at - 10;
                    for (int i = 0; i < 3; i++) {
                        bytes[at++] = (byte) (i < 2 ? count >>> 7 * i | 0x80 : count >>> 14);
                    }
                }
                read(Codec.objects(), bytes, "tag " + tag + " after " + header);
            }
        }
    }

    private void change(Codec<Object> codec, List<byte[]> messages, int times) {
        Random random = new Random(43);
        for (int i = 0; i < times; i++) {
            byte[] bytes = messages.get(random.nextInt(messages.size()));
            bytes = bytes.length > 2000 ? Arrays.copyOf(bytes, 2000) : bytes.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes = changed(bytes, random);
            }
            read(codec, bytes, "changed " + i);
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0:
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                return bytes;
            case 1:
                bytes[at] = (byte) random.nextInt(256);
                return bytes;
            case 2:
                bytes[at] = (byte) random.nextInt(60);
                return bytes;
            case 3:
                return Arrays.copyOf(bytes, Math.max(1, at));
            case 4:
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(10));
                System.arraycopy(
                        bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
                return longer;
            default:
                // an enormous count
                for (int i = at; i < Math.min(bytes.length, at + 4); i++) {
                    bytes[i] = (byte) 0xFF;
                }
                return bytes;
        }
    }

    private void read(Codec<Object> codec, byte[] bytes, String name) {
        try {
            Bytes.decode(codec, bytes);
            values++;
        } catch (Broken expected) {
            broken++;
        } catch (Throwable other) {
            String shown = bytes.length > 200 ? bytes.length + " bytes" : Arrays.toString(bytes);
            throw new AssertionError(name + ": " + other + " of " + shown, other);
        }
    }
}
