// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The values of java.time. A zone travels by name; its rules are those of the reader. */
final class Times {
    private Times() {}

    static void write(Output out, int tag, Object value) {
        out.put(tag);
        switch (tag) {
            case Tag.DURATION -> {
                Duration duration = (Duration) value;
                out.signed(duration.getSeconds());
                out.count(duration.getNano());
            }
            case Tag.INSTANT -> {
                Instant instant = (Instant) value;
                out.signed(instant.getEpochSecond());
                out.count(instant.getNano());
            }
            case Tag.LOCAL_DATE -> date(out, (LocalDate) value);
            case Tag.LOCAL_TIME -> time(out, (LocalTime) value);
            case Tag.LOCAL_DATE_TIME -> dateTime(out, (LocalDateTime) value);
            case Tag.OFFSET_TIME -> {
                time(out, ((OffsetTime) value).toLocalTime());
                offset(out, ((OffsetTime) value).getOffset());
            }
            case Tag.OFFSET_DATE_TIME -> {
                dateTime(out, ((OffsetDateTime) value).toLocalDateTime());
                offset(out, ((OffsetDateTime) value).getOffset());
            }
            case Tag.ZONED_DATE_TIME -> {
                dateTime(out, ((ZonedDateTime) value).toLocalDateTime());
                offset(out, ((ZonedDateTime) value).getOffset());
                out.text(((ZonedDateTime) value).getZone().getId());
            }
            case Tag.ZONE_OFFSET -> offset(out, (ZoneOffset) value);
            case Tag.ZONE -> out.text(((ZoneId) value).getId());
            case Tag.PERIOD -> {
                Period period = (Period) value;
                out.signed(period.getYears());
                out.signed(period.getMonths());
                out.signed(period.getDays());
            }
            case Tag.YEAR -> out.signed(((Year) value).getValue());
            case Tag.YEAR_MONTH -> {
                out.signed(((YearMonth) value).getYear());
                out.count(((YearMonth) value).getMonthValue());
            }
            default -> {
                out.count(((MonthDay) value).getMonthValue());
                out.count(((MonthDay) value).getDayOfMonth());
            }
        }
    }

    static Object read(Input in, int tag) {
        return switch (tag) {
            case Tag.DURATION -> Duration.ofSeconds(in.signedLong(), nanos(in));
            case Tag.INSTANT -> Instant.ofEpochSecond(in.signedLong(), nanos(in));
            case Tag.LOCAL_DATE -> date(in);
            case Tag.LOCAL_TIME -> time(in);
            case Tag.LOCAL_DATE_TIME -> dateTime(in);
            case Tag.OFFSET_TIME -> OffsetTime.of(time(in), offset(in));
            case Tag.OFFSET_DATE_TIME -> OffsetDateTime.of(dateTime(in), offset(in));
            case Tag.ZONED_DATE_TIME ->
                    ZonedDateTime.ofInstant(dateTime(in), offset(in), ZoneId.of(in.text()));
            case Tag.ZONE_OFFSET -> offset(in);
            case Tag.ZONE -> ZoneId.of(in.text());
            case Tag.PERIOD -> Period.of(in.signed(), in.signed(), in.signed());
            case Tag.YEAR -> Year.of(in.signed());
            case Tag.YEAR_MONTH -> YearMonth.of(in.signed(), in.count());
            default -> MonthDay.of(in.count(), in.count());
        };
    }

    private static void date(Output out, LocalDate date) {
        out.signed(date.toEpochDay());
    }

    private static LocalDate date(Input in) {
        return LocalDate.ofEpochDay(in.signedLong());
    }

    private static void time(Output out, LocalTime time) {
        out.signed(time.toNanoOfDay());
    }

    private static LocalTime time(Input in) {
        return LocalTime.ofNanoOfDay(in.signedLong());
    }

    private static void dateTime(Output out, LocalDateTime dateTime) {
        date(out, dateTime.toLocalDate());
        time(out, dateTime.toLocalTime());
    }

    private static LocalDateTime dateTime(Input in) {
        return LocalDateTime.of(date(in), time(in));
    }

    private static void offset(Output out, ZoneOffset offset) {
        out.signed(offset.getTotalSeconds());
    }

    private static ZoneOffset offset(Input in) {
        return ZoneOffset.ofTotalSeconds(in.signed());
    }

    private static int nanos(Input in) {
        return in.count(999_999_999);
    }
}
