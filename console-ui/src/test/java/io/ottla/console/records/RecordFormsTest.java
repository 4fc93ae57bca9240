package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, cursors, files and what is typed. */
class RecordFormsTest {
    private static final String DOCUMENT =
            "{\"a\":{\"b\":[{\"c\":1},{\"c\":\"two\"}],\"x y\":null},\"c\":3.0,\"*\":true}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "$.a.b[1].c | [\"two\"]",
                "a.b[0].c | [1]",
                "$.a.b[*].c | [1,\"two\"]",
                "$..c | [3.0,1,\"two\"]",
                "$['a']['x y'] | [null]",
                "$.a.* | [[{\"c\":1},{\"c\":\"two\"}],null]",
                "$.nowhere | []",
                "$.c[0] | []"
            })
    void shouldFollowPaths(String path, String found) throws Malformed {
        var nodes = Json.MAPPER.createArrayNode();
        JsonPath.of("path", path).select(Json.parse(DOCUMENT)).forEach(match -> nodes.add(match.node()));
        assertThat(Json.compact(nodes)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$",
                "$.",
                "$.a[",
                "$.a[?(@.b == 1)]",
                "$.a[(@.length-1)]",
                "$.length()",
                "$.a['b",
                "$x",
                "$.a[-1]",
                "$.a[1:2]",
                "$.a..",
                "$[99999999999]"
            })
    void shouldTakeNoExpressions(String path) {
        assertThatThrownBy(() -> JsonPath.of("path", path)).isInstanceOf(Unreadable.class);
    }

    @Test
    void shouldLookAtSoManyNodesAlone() {
        String wide = "[" + "[1],".repeat(60_000) + "1]";
        assertThatThrownBy(() -> JsonPath.of("path", "$..x").select(Json.parse(wide)))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> JsonPath.of("path", "$" + "..a".repeat(31))).isInstanceOf(Unreadable.class);
        // and    a path of many "anywhere" over a deep document ends too
        String deep = "{\"a\":".repeat(150) + "1" + "}".repeat(150);
        assertThatThrownBy(() -> JsonPath.of("path", "$" + "..a".repeat(20)).select(Json.parse(deep)))
                .isInstanceOf(Malformed.class);
    }

    @Property(tries = 300)
    void shouldReadCursorsBack(
            @ForAll boolean forward,
            @ForAll @LongRange(min = 0) long first,
            @ForAll @LongRange(min = 0) long second,
            @ForAll @LongRange(min = 0, max = 100_000) long partition) {
        Cursor cursor = Cursor.of(forward, new TreeMap<>(Map.of(0, first, (int) partition + 1, second)));
        assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
    }

    @Property(tries = 500)
    void shouldRefuseForeignCursorsInAnOrderlyWay(@ForAll String text) {
        try {
            assertThat(Cursor.parse(text).offsets()).isNotNull();
        } catch (Unreadable unreadable) {
            assertThat(unreadable.field()).isEqualTo("cursor");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"})
    void shouldMakeNoFormulas(String text) {
        assertThat(RecordExport.cell(text)).startsWith("\"'").endsWith(text + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"plain | \"plain\"", "a\"b | \"a\"\"b\"", "a,b | \"a,b\"", "`` | \"\"", "1-2 | \"1-2\""})
    void shouldQuoteCells(String text, String cell) {
        assertThat(RecordExport.cell(text)).isEqualTo(cell);
    }

    @Test
    void shouldTakeBackWhatItExported() throws Exception {
        // given
        RecordView record = new RecordView(
                "t",
                2,
                7,
                1000,
                Decoded.of(Format.HEX, "00ff"),
                PlainDecoder.decode(Format.AUTO, "{\"a\": 1}".getBytes(StandardCharsets.UTF_8)),
                List.of(new RecordView.Header("h", "v", true), new RecordView.Header("n", null, true)),
                2,
                8,
                false);
        StringWriter file = new StringWriter();
        RecordExport.JSON.record(record, file);

        // when
        var written = NewRecord.of(Json.parse(file.toString())).to("t");

        // then
        assertThat(file.toString())
                .contains("\"value\":{\"a\":1}", "\"key_format\":\"hex\"")
                .endsWith("}\n");
        assertThat(written.key()).isEqualTo(new byte[] {0, (byte) 0xff});
        assertThat(new String(written.value(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(written.partition()).isEqualTo(2);
        assertThat(written.timestamp()).isEqualTo(1000);
        assertThat(written.headers().lastHeader("n").value()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "partition, -1",
        "partition, x",
        "from, nowhere",
        "from, offset",
        "from, time",
        "time, yesterday",
        "size, 501",
        "size, 0",
        "scan, 1000001",
        "seconds, 61",
        "keys, java",
        "values, x",
        "in, x",
        "op, matches",
        "path, $.a[?(1)]",
        "cursor, fxx!",
        "offset, -5"
    })
    void shouldNameTheParameterThatCanNotBeRead(String name, String value) {
        assertThatThrownBy(() -> RecordQuery.of(Map.of(name, value)))
                .isInstanceOfSatisfying(Unreadable.class, unreadable -> {
                    String named = name.equals("from") && !value.equals("nowhere") ? value : name;
                    assertThat(unreadable.field()).isEqualTo(named);
                    assertThat(unreadable.getMessage()).contains(named);
                });
    }
}
