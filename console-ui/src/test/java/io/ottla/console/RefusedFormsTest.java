package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms that are shown again, since they were refused, have what was typed. */
class RefusedFormsTest {
    private static final String AT = "/clusters/ottla";
    private static final TestingCluster CLUSTER = new TestingCluster().with("orders", 3);

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.security.users.put("ann", Map.of((byte) 1, 4096));
        CLUSTER.security.open("pay", 7, new TopicPartition("orders", 1));
        CLUSTER.security.write(new TopicPartition("orders", 2), 8, 5, 0);
        CLUSTER.replicas.running.put(
                new TopicPartition("orders", 2), new PartitionReassignment(List.of(3, 1, 2), List.of(2), List.of(1)));
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        console.logIn(TestingPassword.PASSWORD);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/clusters/ottla/topics/orders/delete, typed=mistyped",
        "/clusters/ottla/topics/orders/delete-records, typed=mistyped&before-0=55",
        "/clusters/ottla/topics/orders/add-partitions, total=many",
        "/clusters/ottla/create-topic, name=orders&partitions=many&retention=9&settings=a=b",
        "/clusters/ottla/unregister-broker, broker=9&typed=88",
        "/clusters/ottla/elections/unclean, topic=orders&partition=2&typed=mistyped",
        "/clusters/ottla/elections/schedule, schedule=often",
        "/clusters/ottla/users/delete, name=ann&mechanism=SCRAM-SHA-256&typed=mistyped",
        "/clusters/ottla/transactions/abort, id=pay&typed=mistyped",
        "/clusters/ottla/transactions/hanging/abort, topic=orders&partition=2&producer=8&typed=mistyped",
        "/clusters/ottla/quotas/edit, user=ann&producer_byte_rate=few",
        "/account/tokens, label=backup&days=9999",
        "/people/add, name=an n&topics=orders-x&role=viewer"
    })
    void shouldKeepWhatWasTyped(String path, String fields) throws Exception {
        // given
        Map<String, String> typed = typed(fields);

        // when
        HttpResponse<String> again = console.submit("/account", path, typed);

        // then
        assertThat(again.statusCode()).as(again.body()).isEqualTo(400);
        assertThat(again.body()).contains("id=\"problem\"");
        typed.forEach(
                (name, value) -> assertThat(again.body()).as(name).containsPattern("(?:value=\"|>)" + value + "[\"<]"));
    }

    @ParameterizedTest
    @CsvSource({
        "name, name=",
        "name, name=orders",
        "partitions, name=new&partitions=many",
        "replicas, name=new&replicas=7",
        "retention, name=new&retention=refused",
        "settings, name=new&settings=segment.bytes=refused",
        "settings, name=new&settings=nothing",
    })
    void shouldMarkTheFieldThatWasRefused(String field, String fields) throws Exception {
        // when
        HttpResponse<String> again = console.submit("/account", AT + "/create-topic", typed(fields));

        // then   this one and no other
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body())
                .containsPattern("<[^>]*name=\"" + field + "\"[^>]*aria-invalid=\"true\"[^>]*>")
                .containsPattern("<[^>]*name=\"" + field + "\"[^>]*aria-describedby=\"problem\"[^>]*>")
                .containsOnlyOnce("aria-invalid")
                .containsOnlyOnce("autofocus=\"");
    }

    private static Map<String, String> typed(String fields) {
        Map<String, String> typed = new HashMap<>();
        for (String field : fields.split("&")) {
            typed.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
        }
        return typed;
    }

    @Test
    void shouldKeepWhatWasTickedAndChosen() throws Exception {
        HttpResponse<String> moves =
                console.submit("/account", AT + "/moves/throttle", Map.of("rate", "much", "move", "orders:2"));
        HttpResponse<String> markup =
                console.submit("/account", AT + "/topics/orders/delete", Map.of("typed", "<b>&\""));

        assertThat(moves.body())
                .containsPattern("value=\"orders:2\" checked=\"checked\"")
                .contains("value=\"much\"");
        assertThat(markup.body()).contains("value=\"&lt;b&gt;&amp;&quot;\"");
    }

    @Test
    void shouldLetNoLinkFillInWhatIsToBeTyped() throws Exception {
        assertThat(console.get(AT + "/topics/orders/delete?typed=orders").body())
                .doesNotContain("value=\"orders\"");
    }
}
