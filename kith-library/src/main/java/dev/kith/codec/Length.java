// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long an array or a text is in a struct, where C needs to know: {@code int32_t a[8]}, {@code
 * char name[16]}. See {@link Codec#struct(Class)}.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Length {
    /**
     * How many: elements of an array, which has neither more nor fewer; bytes of UTF-8 of a {@link
     * String}, which may have fewer and is then padded with NUL.
     *
     * @return at least 1
     */
    int value();
}
