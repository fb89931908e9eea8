// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import dev.kith.process.Worker;
import dev.kith.shared.SharedDouble;
import dev.kith.shared.SharedLong;
import dev.kith.shared.SharedLongArray;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A child changes a number and an array of its parent; four children count together. */
public final class ValueArray {
    private ValueArray() {}

    public static void main(String[] arguments) throws Exception {
        try (var number = SharedDouble.anonymous(0);
                var array = SharedLongArray.anonymous(10);
                var child = Worker.start()) {
            array.copyFrom(0, LongStream.range(0, 10).toArray(), 0, 10);
            child.run(() -> {
                number.set(3.1415927);
                for (int i = 0; i < array.length(); i++) {
                    array.getAndUpdate(i, element -> -element);
                }
            });
            System.out.println(number.get());
            System.out.println(Arrays.toString(array.toArray()));
        }
        try (var count = SharedLong.anonymous(0)) {
            var children = IntStream.range(0, 4).mapToObj(i -> Worker.start()).toList();
            children.stream()
                    .map(child ->
                            child.async(() -> {
                                for (int n = 0; n < 1_000_000; n++) {
                                    count.incrementAndGet();
                                }
                            }))
                    .toList()
                    .forEach(CompletableFuture::join);
            children.forEach(Worker::close);
            System.out.println(count.get());
        }
    }
}
