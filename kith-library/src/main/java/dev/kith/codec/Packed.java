// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record whose struct has no padding, as with {@code __attribute__((packed))} of gcc and clang
 * and {@code #pragma pack(1)}: for formats that somebody else has laid out so. Records inside it
 * keep the layout that they have by themselves. See {@link Codec#struct(Class)}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Packed {}
