package io.ottla.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever somebody calls themselves, the log stays one that can be read. */
class ShownTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "readers", "console-consumer-17", "Lämmer & Söhne", "読者", "a\\b", "🚀"})
    void shouldLeaveWhatCanBeLookedAt(String name) {
        assertThat(Shown.of(name)).isEqualTo(name);
    }

    @Test
    void shouldWriteOutWhatEndsALineOrSteersATerminal() {
        assertThat(Shown.of("a\nERROR forged\r\t")).isEqualTo("a\\nERROR forged\\r\\t");
        assertThat(Shown.of("\0 \u001b[2J \u007f \u0085")).isEqualTo("\\u0000 \\u001b[2J \\u007f \\u0085");
        assertThat(Shown.of("\u2028 \u2029 \u202e")).isEqualTo("\\u2028 \\u2029 \\u202e");
        assertThat(Shown.of("half \ud83d")).isEqualTo("half \\ud83d");
        assertThat(Shown.of((String) null)).isEqualTo("null");
    }

    @Test
    void shouldCutWhatIsLong() {
        String exact = "x".repeat(Shown.NAME_CHARS);
        assertThat(Shown.of(exact)).isEqualTo(exact);
        assertThat(Shown.of("x".repeat(32_767))).isEqualTo(exact + "…");
        assertThat(Shown.of("\0".repeat(32_767)))
                .hasSizeLessThanOrEqualTo(Shown.NAME_CHARS + 1)
                .endsWith("\\u0000…");
        assertThat(Shown.of("x" + "🚀".repeat(100))).isEqualTo("x" + "🚀".repeat(49) + "…");
        assertThat(Shown.sentence("y".repeat(5_000))).isEqualTo("y".repeat(Shown.SENTENCE_CHARS) + "…");
    }

    @Test
    void shouldShowSomeOfMany() {
        assertThat(Shown.of(List.of("a", "b\n"))).isEqualTo("[a, b\\n]");
        assertThat(Shown.of(List.of())).isEqualTo("[]");
        assertThat(Shown.of(IntStream.range(0, 12).mapToObj(Integer::toString).toList()))
                .isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more]");
    }

    @Test
    void shouldShowACaller() {
        InetAddress address = InetAddress.getLoopbackAddress();
        assertThat(new Caller(Principal.ANONYMOUS, address, "me\n"))
                .hasToString("User:ANONYMOUS at 127.0.0.1, client me\\n");
        assertThat(new Caller(Principal.ANONYMOUS, address, "")).hasToString("User:ANONYMOUS at 127.0.0.1");
    }
}
