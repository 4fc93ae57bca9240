package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final String SECRET = "ann@example.net";

    private final TestingCluster cluster =
            new TestingCluster().with("orders-eu", 1).with("__consumer_offsets", 1);

    private static RecordsProperties.Mask fields(String... fields) {
        return new RecordsProperties.Mask(List.of("orders-*"), List.of(fields), null, "***", false);
    }

    private static RecordsProperties.Mask regex(String regex, boolean always) {
        return new RecordsProperties.Mask(List.of("orders-*"), null, regex, "***", always);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "email | {\"email\":\"ann@example.net\",\"n\":1} | {\"email\":\"***\",\"n\":1}",
                "email | {\"a\":[{\"EMail\":\"ann@example.net\"}]} | {\"a\":[{\"EMail\":\"***\"}]}",
                "$.a.email | {\"a\":{\"email\":{\"x\":\"ann@example.net\"}},\"email\":\"b\"} | {\"a\":{\"email\":\"***\"},\"email\":\"b\"}",
                "$.a[*] | {\"a\":[\"ann@example.net\",2]} | {\"a\":[\"***\",\"***\"]}",
                "email | {\"email\":\"ann@example.net\",\"email\":\"b\"} | {\"email\":\"***\"}",
                "other | {\"x\":{\"email\":1},\"x\":{}} | {\"x\":{}}",
                "email | plain ann@example.net | ***",
                "email | \"ann@example.net\" | ***",
                "email | {\"email\":\"ann@example.net\" | ***"
            })
    void shouldHideFieldsAndWhatHasNone(String field, String value, String shown) {
        cluster.records.add("orders-eu", 0, 1, "key", value);
        assertThat(only(Role.VIEWER, fields(field), Map.of()).value().text()).isEqualTo(shown);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void shouldNotBeOutwittedByAnotherReading(Format format) {
        // given
        cluster.records.add("orders-eu", 0, 1, SECRET, "{\"email\":\"" + SECRET + "\"}");
        Map<String, String> read = Map.of("keys", format.key(), "values", format.key());

        // when, then
        for (RecordsProperties.Mask rule : List.of(fields("email"), regex("[a-z]+@[a-z.]+", false))) {
            RecordView seen = only(Role.OPERATOR, rule, read);
            assertThat(seen.masked()).isTrue();
            assertThat(seen.value().text()).isEqualTo("{\"email\":\"***\"}");
            assertThat(seen.value().pretty()).doesNotContain(SECRET);
        }
        assertThat(only(Role.OPERATOR, regex("[a-z]+@[a-z.]+", false), read)
                        .key()
                        .text())
                .isEqualTo("***");
    }

    @Test
    void shouldHideWholeWhatAPatternCanNotLookInto() {
        byte[] binary = ("\u0000\u0001" + SECRET).getBytes(StandardCharsets.ISO_8859_1);
        binary[1] = (byte) 0xff;
        cluster.records.add(
                "orders-eu",
                0,
                1,
                binary,
                binary,
                new RecordHeaders().add("h", binary).add(SECRET, null));

        RecordView seen = only(Role.VIEWER, regex("[a-z]+@[a-z.]+", false), Map.of("values", "hex"));

        assertThat(seen.key().text()).isEqualTo("***");
        assertThat(seen.value().text()).isEqualTo("***");
        assertThat(seen.headers()).extracting(RecordView.Header::name).containsExactly("h", "***");
        assertThat(seen.headers().getFirst().value()).isEqualTo("***");
    }

    @Test
    void shouldHideInKeysAndHeaders() {
        cluster.records.add(
                "orders-eu",
                0,
                1,
                ("{\"email\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8),
                null,
                new RecordHeaders()
                        .add("Email", SECRET.getBytes(StandardCharsets.UTF_8))
                        .add("doc", ("{\"email\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8))
                        .add("trace", "1".getBytes(StandardCharsets.UTF_8)));

        RecordView seen = only(Role.VIEWER, fields("email"), Map.of());

        assertThat(seen.key().text()).isEqualTo("{\"email\":\"***\"}");
        assertThat(seen.value()).isNull();
        assertThat(seen.headers())
                .extracting(RecordView.Header::value)
                .containsExactly("***", "{\"email\":\"***\"}", "1");
    }

    @Test
    void shouldMatchNumbersAndAcrossFields() {
        cluster.records.add("orders-eu", 0, 1, "k", "{\"card\":4111111111111111,\"t\":\"x\"}");
        assertThat(only(Role.VIEWER, regex("\\d{16}", false), Map.of()).value().text())
                .isEqualTo("{\"card\":\"***\",\"t\":\"x\"}");
        RecordView across = only(Role.VIEWER, regex("\"card\":\\d+", false), Map.of());
        assertThat(across.value().text()).isEqualTo("{***,\"t\":\"x\"}");
        assertThat(across.value().json()).isNull();
    }

    @Test
    void shouldShowAdministratorsAllButWhatIsAlwaysHidden() {
        cluster.records.add("orders-eu", 0, 1, "k", SECRET);
        assertThat(only(Role.ADMIN, regex("ann@.*", false), Map.of()).value().text())
                .isEqualTo(SECRET);
        assertThat(only(Role.ADMIN, regex("ann@.*", true), Map.of()).value().text())
                .isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"q=example", "path=$.email&op=contains&operand=ann", "path=$.email&operand=ann@example.net"})
    void shouldNotTellByAFilterWhatIsHidden(String filter) {
        cluster.records.add("orders-eu", 0, 1, "k", "{\"email\":\"" + SECRET + "\"}");
        Map<String, String> wanted = new java.util.HashMap<>();
        for (String each : filter.split("&")) {
            wanted.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }

        assertThat(page(Role.VIEWER, fields("email"), wanted).records()).isEmpty();
        assertThat(page(Role.ADMIN, fields("email"), wanted).records()).hasSize(1);
    }

    @Test
    void shouldMatchSlowPatternsQuickly() {
        cluster.records.add("orders-eu", 0, 1, "k", "a".repeat(100_000) + "!");
        assertThat(only(Role.VIEWER, regex("(a+)+$", false), Map.of()).value().text())
                .hasSize(100_001);
    }

    @Test
    void shouldRefuseRulesThatCanNotHold() {
        assertThatThrownBy(() -> rules(new RecordsProperties.Mask(List.of("x"), List.of("a"), "b", null, false)))
                .hasMessageContaining("console.masking[0]")
                .hasMessageContaining("both");
        assertThatThrownBy(() -> rules(regex("(", false))).hasMessageContaining("console.masking[0]");
        assertThatThrownBy(() -> rules(fields("$.a[?(@.b)]"))).hasMessageContaining("console.masking[0].fields");
        assertThatThrownBy(() -> rules(new RecordsProperties.Mask(List.of(), List.of("a"), null, null, false)))
                .hasMessageContaining("console.masking[0].topics");
    }

    @Test
    void shouldTellOfGroupsAndTopicsOnlyWhatSomebodyMaySee() {
        // given  an offset of the group "g" in the topic "secret", by version 1 of its key
        byte[] key = {0, 1, 0, 1, 'g', 0, 6, 's', 'e', 'c', 'r', 'e', 't', 0, 0, 0, 3};
        cluster.records.add("__consumer_offsets", 0, 1, key, null, new RecordHeaders());
        List<NamePattern> any = List.of(NamePattern.ANY);
        List<NamePattern> own = List.of(new NamePattern("own-*"));
        RecordBrowser browser = new RecordBrowser(Map.of(), List.of());
        RecordQuery raw = RecordQuery.of(Map.of("keys", "hex"));

        // then
        for (Grant grant : List.of(
                new Grant(Role.VIEWER, any, any, own),
                new Grant(Role.VIEWER, any, List.of(new NamePattern("__*")), any))) {
            Visit visit = ScanPropertyTest.TestingVisit.at(cluster, grant);
            assertThat(browser.page(visit, "__consumer_offsets", raw).records()).isEmpty();
        }
        assertThat(browser.page(ScanPropertyTest.TestingVisit.at(cluster, Role.VIEWER), "__consumer_offsets", raw)
                        .records())
                .hasSize(1);
    }

    private RecordView only(Role role, RecordsProperties.Mask rule, Map<String, String> wanted) {
        return page(role, rule, wanted).records().getFirst();
    }

    private RecordPage page(Role role, RecordsProperties.Mask rule, Map<String, String> wanted) {
        return new RecordBrowser(Map.of(), rules(rule))
                .page(ScanPropertyTest.TestingVisit.at(cluster, role), "orders-eu", RecordQuery.of(wanted));
    }

    private static List<MaskingRule> rules(RecordsProperties.Mask rule) {
        return new RecordsProperties(Map.of(), List.of(rule)).rules();
    }
}
