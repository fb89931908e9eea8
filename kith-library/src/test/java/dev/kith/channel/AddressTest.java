// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.codec.Codec;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void shouldTakeAnAddressApart() {
        Address address = Address.parse("tcp://localhost:9999?framing=raw&nodelay");
        assertThat(address.scheme()).isEqualTo("tcp");
        assertThat(address.path()).isEqualTo("//localhost:9999");
        assertThat(address.options()).isEqualTo(Map.of("framing", "raw", "nodelay", ""));
        assertThat(address.flag("nodelay")).isTrue();
    }

    @Test
    void shouldPrintWhatItParsed() {
        Random random = new Random(4);
        String letters = "aZ/@:%?&=#é消 .";
        for (int i = 0; i < 5000; i++) {
            Map<String, String> options = new TreeMap<>();
            for (int n = random.nextInt(3); n > 0; n--) {
                options.put("o" + text(random, letters), text(random, letters));
            }
            Address address = new Address("unix+dgram", text(random, letters), options);
            assertThat(Address.parse(address.toString())).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "/tmp/x",
                ":x",
                "UP:x",
                "a b:x",
                "fifo:/x?=1",
                "fifo:/x%4",
                "fifo:/x%zz",
                "fifo:/x?a=1&a=2",
                "fifo:/x?a&&b"
            })
    void shouldRefuseWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNameTheSchemesThatAreKnown() {
        assertThatThrownBy(() -> Channel.open("carrier-pigeon:x".replace("-", ""), Codec.utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known are")
                .hasMessageContaining("fifo:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max=0", "max=abc", "max=", "max=99999999999"})
    void shouldNameTheBoundsOfANumber(String option) {
        assertThatThrownBy(() -> Channel.pair("pipe:?" + option, Codec.utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a whole number from 1 to");
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(8); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
