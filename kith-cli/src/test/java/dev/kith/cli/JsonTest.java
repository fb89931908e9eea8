// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldWriteEveryKindOfValue() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", Arrays.asList(1, 2.5, true, null));
        map.put("text", "中文");

        assertThat(Json.of(map)).isEqualTo("{\"list\":[1,2.5,true,null],\"text\":\"中文\"}");
    }

    @Test
    void shouldEscapeWhatJsonCannotHold() {
        assertThat(Json.of("a\"b\\c\nd\u0001\u007f"))
                .isEqualTo("\"a\\\"b\\\\c\\nd\\u0001\\u007f\"");
    }

    @Test
    void shouldEscapeALoneSurrogateAndKeepAPair() {
        assertThat(Json.of("\ud83d")).isEqualTo("\"\\ud83d\"");
        assertThat(Json.of("\ud83d\ude00")).isEqualTo("\"\ud83d\ude00\"");
    }

    @Test
    void shouldWriteAListWithAnElementALine() {
        assertThat(Json.lines(List.of())).isEqualTo("[]");
        assertThat(Json.lines(List.of(1, 2))).isEqualTo("[\n1,\n2\n]");
    }
}
