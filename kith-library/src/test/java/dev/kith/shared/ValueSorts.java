// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.shared.SharedObjectTest.Sort;
import java.util.List;

/** The sorts of values, for what holds of every shared object. */
final class ValueSorts {
    private ValueSorts() {}

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
                        null));
    }
}
