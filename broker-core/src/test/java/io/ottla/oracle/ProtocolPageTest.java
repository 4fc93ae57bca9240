package io.ottla.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.broker.TestingBroker;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/protocol.md} is what a running broker announces, which is what has a handler. */
final class ProtocolPageTest {
    private static final Path ROOT = Files.exists(Path.of("docs")) ? Path.of("") : Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/protocol.md");

    @TempDir
    Path folder;

    @Test
    void shouldBeWhatTheBrokerServes() throws Exception {
        // given  what a broker announces
        String page;
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                TestingBroker broker = new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of())) {
            page = page(new Side("Ottla", broker.broker().listeners().getFirst().port()));
        }
        if (Boolean.getBoolean("ottla.docs.write")) {
            Files.writeString(PAGE, page);
        }

        // then   the page says so
        assertThat(Files.readString(PAGE))
                .as("docs/protocol.md is old: run this test with -Dottla.docs.write=true")
                .isEqualTo(page);
    }

    private static String page(Side ottla) {
        Map<ApiKeys, ApiFate> fates = ApiFate.all();
        StringBuilder page = new StringBuilder("""
                # Protocol

                Made by `ProtocolPageTest` from what a running broker announces; to change it, change the handlers (or
                `ApiFate` and `Deviation` beside that test) and run it with `-Dottla.docs.write=true`.

                Ottla speaks Kafka's binary protocol. ApiVersions announces exactly what has a handler. A request in a key or a
                version that is not served closes its connection with one line in the log, but for ApiVersions itself: that is
                answered in version 0 with UNSUPPORTED_VERSION.

                `KafkaComparisonTest` (in `bin/test --full`) sends the same requests, right and wrong, in every version that both
                serve, to Ottla and to Apache Kafka 4.3.1, and compares the answers field by field.

                ## Every API

                | Key | API | Here |
                |---:|---|---|
                """);
        for (ApiKeys key : ApiKeys.values()) {
            short[] range = ottla.range(key);
            assertThat(range == null)
                    .as(key + " is served, or else has one fate of ApiFate")
                    .isEqualTo(fates.containsKey(key));
            page.append("| ")
                    .append(key.id)
                    .append(" | ")
                    .append(key.name)
                    .append(" | ")
                    .append(here(key, range, fates.get(key)))
                    .append(" |\n");
        }
        page.append("""

                Produce is announced from version 0 and served from 3, as in Kafka 4: librdkafka turns compression off where the
                lowest announced version is another (KAFKA-18659). ListOffsets in version 0, which Kafka served until 3.9, names one
                offset at most.

                Topics that brokers keep for themselves (`__consumer_offsets`, `__transaction_state`, `__share_group_state`) are read like
                others, and may be described, grown, configured and deleted by whoever is allowed to. Produce and DeleteRecords answer
                INVALID_TOPIC_EXCEPTION for them; Produce takes what a client whose id is `__admin_client` writes, as Kafka does, and asks the
                authorizer for WRITE as for any topic. `__cluster_metadata` can't be created.

                ## Deviations from Kafka 4.3

                Answers that are meant to be others than Kafka's. The comparison fails on a difference that is not named here, and
                on a name that no difference bears any more.

                | API | What differs | Why |
                |---|---|---|
                """);
        for (Deviation deviation : Deviation.ALL) {
            if (deviation.what() == null) {
                continue;
            }
            page.append("| ")
                    .append(deviation.key().name)
                    .append(" | ")
                    .append(deviation.what())
                    .append(" | ")
                    .append(deviation.why())
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String here(ApiKeys key, short[] range, ApiFate fate) {
        int first = range == null ? 0 : key == ApiKeys.PRODUCE ? key.oldestVersion() : range[0];
        return switch (fate) {
            case null ->
                "served: " + (first == range[1] ? "version " + first : "versions " + first + " to " + range[1]);
            case ApiFate.Later(String owner) -> "later: " + owner;
            case ApiFate.Refused(String reason) -> "refused: " + reason;
            case ApiFate.AmongBrokers() -> "served among brokers, not announced";
        };
    }
}
