// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Values that hold no other values, but for the most frequent, which writer and reader know
 * themselves.
 */
final class Leaves {
    private Leaves() {}

    static void write(Output out, int tag, Object value) {
        if (tag >= Tag.DURATION && tag <= Tag.MONTH_DAY) {
            Times.write(out, tag, value);
            return;
        }
        if (tag >= Tag.BOOLEANS && tag <= Tag.DOUBLES) {
            PrimitiveArrays.write(out, tag, value);
            return;
        }
        out.put(tag);
        switch (tag) {
            case Tag.BYTE -> out.put((Byte) value);
            case Tag.SHORT -> out.signed((int) (Short) value);
            case Tag.CHARACTER -> out.count((Character) value);
            case Tag.FLOAT -> out.fixed(Float.floatToRawIntBits((Float) value));
            case Tag.BIG_INTEGER -> out.bytes(((BigInteger) value).toByteArray());
            case Tag.BIG_DECIMAL -> {
                BigDecimal decimal = (BigDecimal) value;
                out.signed(decimal.scale());
                out.bytes(decimal.unscaledValue().toByteArray());
            }
            case Tag.OPTIONAL_INT -> {
                OptionalInt optional = (OptionalInt) value;
                out.count(optional.isPresent() ? 1 : 0);
                if (optional.isPresent()) {
                    out.signed(optional.getAsInt());
                }
            }
            case Tag.OPTIONAL_LONG -> {
                OptionalLong optional = (OptionalLong) value;
                out.count(optional.isPresent() ? 1 : 0);
                if (optional.isPresent()) {
                    out.signed(optional.getAsLong());
                }
            }
            case Tag.OPTIONAL_DOUBLE -> {
                OptionalDouble optional = (OptionalDouble) value;
                out.count(optional.isPresent() ? 1 : 0);
                if (optional.isPresent()) {
                    out.fixed(Double.doubleToRawLongBits(optional.getAsDouble()));
                }
            }
            case Tag.UUID -> {
                UUID uuid = (UUID) value;
                out.fixed(uuid.getMostSignificantBits());
                out.fixed(uuid.getLeastSignificantBits());
            }
            default -> throw new AssertionError("a tag without a writer: tag=" + tag);
        }
    }

    static Object read(Input in, int tag) {
        if (tag >= Tag.DURATION && tag <= Tag.MONTH_DAY) {
            return Times.read(in, tag);
        }
        if (tag >= Tag.BOOLEANS && tag <= Tag.DOUBLES) {
            return PrimitiveArrays.read(in, tag);
        }
        return switch (tag) {
            case Tag.BYTE -> (byte) in.get();
            case Tag.SHORT -> (short) in.signed(Short.MIN_VALUE, Short.MAX_VALUE);
            case Tag.CHARACTER -> (char) in.count(Character.MAX_VALUE);
            case Tag.FLOAT -> Float.intBitsToFloat(in.fixedInt());
            case Tag.BIG_INTEGER -> new BigInteger(in.bytes());
            case Tag.BIG_DECIMAL -> {
                int scale = in.signed();
                yield new BigDecimal(new BigInteger(in.bytes()), scale);
            }
            case Tag.OPTIONAL_INT ->
                    in.count(1) == 0 ? OptionalInt.empty() : OptionalInt.of(in.signed());
            case Tag.OPTIONAL_LONG ->
                    in.count(1) == 0 ? OptionalLong.empty() : OptionalLong.of(in.signedLong());
            case Tag.OPTIONAL_DOUBLE ->
                    in.count(1) == 0
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(Double.longBitsToDouble(in.fixedLong()));
            case Tag.UUID -> new UUID(in.fixedLong(), in.fixedLong());
            case Tag.PATH -> Path.of(in.text());
            default -> throw in.broken("no such tag: " + tag);
        };
    }
}
