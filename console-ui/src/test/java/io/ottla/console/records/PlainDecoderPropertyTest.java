package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kafka's own serializers write is read as it was; whatever else comes is shown. */
class PlainDecoderPropertyTest {
    @Property(tries = 200)
    void shouldReadWhatKafkasSerializersWrite(
            @ForAll short s, @ForAll int i, @ForAll long l, @ForAll double d, @ForAll long other) {
        UUID uuid = new UUID(l, other);
        assertThat(text(Format.INT16, new ShortSerializer().serialize("t", s))).isEqualTo(Short.toString(s));
        assertThat(text(Format.INT32, new IntegerSerializer().serialize("t", i)))
                .isEqualTo(Integer.toString(i));
        assertThat(text(Format.INT64, new LongSerializer().serialize("t", l))).isEqualTo(Long.toString(l));
        assertThat(text(Format.DOUBLE, new DoubleSerializer().serialize("t", d)))
                .isEqualTo(Double.toString(d));
        assertThat(text(Format.UUID, new UUIDSerializer().serialize("t", uuid))).isEqualTo(uuid.toString());
    }

    @Property(tries = 300)
    void shouldReadTextsAndBytesBack(@ForAll String text, @ForAll byte[] bytes) {
        byte[] written = new StringSerializer().serialize("t", text);
        assertThat(text(Format.TEXT, written)).isEqualTo(new String(written, StandardCharsets.UTF_8));
        assertThat(HexFormat.of().parseHex(text(Format.HEX, bytes))).isEqualTo(bytes);
        assertThat(Base64.getDecoder().decode(text(Format.BASE64, bytes))).isEqualTo(bytes);
    }

    @Property(tries = 500)
    void shouldShowWhateverComes(@ForAll byte[] key, @ForAll byte[] value, @ForAll Format format) {
        for (String topic : new String[] {"t", "__consumer_offsets", "__transaction_state"}) {
            Decoding decoding = new Decoding(topic, Optional.empty());
            Decoded decoded = decoding.value(format, key, value);
            assertThat(decoded.format()).isNotEqualTo(Format.AUTO);
            assertThat(decoded.pretty()).isNotNull();
            if (decoded.format() == Format.HEX && format != Format.AUTO && format != Format.HEX) {
                assertThat(decoded.note()).isNotNull();
                assertThat(decoded.note().toString()).isNotBlank();
                assertThat(decoded.text()).isEqualTo(PlainDecoder.hex(value));
            }
            assertThat(decoding.key(format, key).pretty()).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "7b2261223a312e31307d | JSON | {\"a\":1.10}",
                "7b2261223a | TEXT | {\"a\":",
                "68656c6c6f | TEXT | hello",
                "00000005 | INT32 | 5",
                "000000000000002a | INT64 | 42",
                "ff00ff | HEX | ff00ff",
                "c3 | HEX | c3"
            })
    void shouldGuess(String hex, Format format, String text) {
        Decoded guessed = PlainDecoder.decode(Format.AUTO, HexFormat.of().parseHex(hex));
        assertThat(guessed.format()).isEqualTo(format);
        assertThat(guessed.text()).isEqualTo(text);
    }

    @Test
    void shouldNeitherNestWithoutEndNorRoundNumbers() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(PlainDecoder.decode(Format.AUTO, deep).format()).isEqualTo(Format.TEXT);
        String exact = "{\"a\":123456789012345678901234567890.10,\"b\":1E+400}";
        assertThat(Json.compact(PlainDecoder.decode(Format.JSON, exact.getBytes(StandardCharsets.UTF_8))
                        .json()))
                .isEqualTo(exact);
        assertThat(PlainDecoder.decode(Format.JSON, "{\"a\":1} x".getBytes(StandardCharsets.UTF_8))
                        .format())
                .isEqualTo(Format.HEX);
    }

    private static String text(Format format, byte[] bytes) {
        Decoded decoded = PlainDecoder.decode(format, bytes);
        assertThat(decoded.format()).isEqualTo(format);
        return decoded.text();
    }
}
