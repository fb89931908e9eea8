// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.codec.Codec;
import dev.kith.shared.SharedObjectTest.Sort;
import java.util.List;

/** The sorts of values, for what holds of every shared object. */
final class ValueSorts {
    private static final Codec<String> KEYS = Codec.utf8();
    private static final Codec<Long> VALUES = Codec.longs();
    private static final Pair PAIR = new Pair(1, 2);

    private ValueSorts() {}

    record Pair(int first, double second) {}

    static List<Sort<?>> all() {
        return List.of(
                new Sort<>(
                        "value",
                        name -> SharedLong.create(name, 1),
                        path -> SharedLong.create(path, 1),
                        SharedLong::open,
                        SharedLong::open,
                        name -> SharedLong.openOrCreate(name, 1),
                        path -> SharedLong.openOrCreate(path, 1),
                        () -> SharedLong.anonymous(1),
                        null),
                new Sort<>(
                        "value",
                        name -> SharedInt.create(name, 1),
                        path -> SharedInt.create(path, 1),
                        SharedInt::open,
                        SharedInt::open,
                        name -> SharedInt.openOrCreate(name, 1),
                        path -> SharedInt.openOrCreate(path, 1),
                        () -> SharedInt.anonymous(1),
                        null),
                new Sort<>(
                        "value",
                        name -> SharedDouble.create(name, 1),
                        path -> SharedDouble.create(path, 1),
                        SharedDouble::open,
                        SharedDouble::open,
                        name -> SharedDouble.openOrCreate(name, 1),
                        path -> SharedDouble.openOrCreate(path, 1),
                        () -> SharedDouble.anonymous(1),
                        null),
                new Sort<>(
                        "value",
                        name -> SharedBoolean.create(name, true),
                        path -> SharedBoolean.create(path, true),
                        SharedBoolean::open,
                        SharedBoolean::open,
                        name -> SharedBoolean.openOrCreate(name, true),
                        path -> SharedBoolean.openOrCreate(path, true),
                        () -> SharedBoolean.anonymous(true),
                        null),
                new Sort<>(
                        "array",
                        name -> SharedLongArray.create(name, 3),
                        path -> SharedLongArray.create(path, 3),
                        SharedLongArray::open,
                        SharedLongArray::open,
                        name -> SharedLongArray.openOrCreate(name, 3),
                        path -> SharedLongArray.openOrCreate(path, 3),
                        () -> SharedLongArray.anonymous(3),
                        name -> SharedLongArray.openOrCreate(name, 4)),
                new Sort<>(
                        "array",
                        name -> SharedIntArray.create(name, 3),
                        path -> SharedIntArray.create(path, 3),
                        SharedIntArray::open,
                        SharedIntArray::open,
                        name -> SharedIntArray.openOrCreate(name, 3),
                        path -> SharedIntArray.openOrCreate(path, 3),
                        () -> SharedIntArray.anonymous(3),
                        name -> SharedIntArray.openOrCreate(name, 4)),
                new Sort<>(
                        "array",
                        name -> SharedDoubleArray.create(name, 3),
                        path -> SharedDoubleArray.create(path, 3),
                        SharedDoubleArray::open,
                        SharedDoubleArray::open,
                        name -> SharedDoubleArray.openOrCreate(name, 3),
                        path -> SharedDoubleArray.openOrCreate(path, 3),
                        () -> SharedDoubleArray.anonymous(3),
                        name -> SharedDoubleArray.openOrCreate(name, 4)),
                new Sort<>(
                        "array",
                        name -> SharedFloatArray.create(name, 3),
                        path -> SharedFloatArray.create(path, 3),
                        SharedFloatArray::open,
                        SharedFloatArray::open,
                        name -> SharedFloatArray.openOrCreate(name, 3),
                        path -> SharedFloatArray.openOrCreate(path, 3),
                        () -> SharedFloatArray.anonymous(3),
                        name -> SharedFloatArray.openOrCreate(name, 4)),
                new Sort<>(
                        "array",
                        name -> SharedByteArray.create(name, 3),
                        path -> SharedByteArray.create(path, 3),
                        SharedByteArray::open,
                        SharedByteArray::open,
                        name -> SharedByteArray.openOrCreate(name, 3),
                        path -> SharedByteArray.openOrCreate(path, 3),
                        () -> SharedByteArray.anonymous(3),
                        name -> SharedByteArray.openOrCreate(name, 4)),
                new Sort<>(
                        "struct",
                        name -> SharedStruct.create(name, PAIR),
                        path -> SharedStruct.create(path, PAIR),
                        name -> SharedStruct.open(name, Pair.class),
                        path -> SharedStruct.open(path, Pair.class),
                        name -> SharedStruct.openOrCreate(name, PAIR),
                        path -> SharedStruct.openOrCreate(path, PAIR),
                        () -> SharedStruct.anonymous(PAIR),
                        null),
                new Sort<>(
                        "map",
                        name -> SharedMap.create(name, KEYS, VALUES, 3, 64),
                        path -> SharedMap.create(path, KEYS, VALUES, 3, 64),
                        name -> SharedMap.open(name, KEYS, VALUES),
                        path -> SharedMap.open(path, KEYS, VALUES),
                        name -> SharedMap.openOrCreate(name, KEYS, VALUES, 3, 64),
                        path -> SharedMap.openOrCreate(path, KEYS, VALUES, 3, 64),
                        () -> SharedMap.anonymous(KEYS, VALUES, 3, 64),
                        name -> SharedMap.openOrCreate(name, KEYS, VALUES, 4, 64)),
                new Sort<>(
                        "pool",
                        name -> MemoryPool.create(name, 3, 100),
                        path -> MemoryPool.create(path, 3, 100),
                        MemoryPool::open,
                        MemoryPool::open,
                        name -> MemoryPool.openOrCreate(name, 3, 100),
                        path -> MemoryPool.openOrCreate(path, 3, 100),
                        () -> MemoryPool.anonymous(3, 100),
                        name -> MemoryPool.openOrCreate(name, 3, 200)),
                new Sort<>(
                        "block",
                        name -> SharedBlock.create(name, 100),
                        path -> SharedBlock.create(path, 100),
                        SharedBlock::open,
                        SharedBlock::open,
                        name -> SharedBlock.openOrCreate(name, 100),
                        path -> SharedBlock.openOrCreate(path, 100),
                        () -> SharedBlock.anonymous(100),
                        name -> SharedBlock.openOrCreate(name, 101)));
    }
}
