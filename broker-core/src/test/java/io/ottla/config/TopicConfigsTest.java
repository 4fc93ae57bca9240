package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties.CompressionType;
import io.ottla.config.TopicProperties.TimestampType;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicConfigsTest {
    private final TopicConfigs topics = BrokerConfig.defaults().topics();

    @Test
    void shouldReadEverySettingOfATopic() {
        TopicProperties properties = topics.properties(Map.ofEntries(
                Map.entry("segment.bytes", "1001"),
                Map.entry("segment.ms", "1002"),
                Map.entry("segment.jitter.ms", "1003"),
                Map.entry("segment.index.bytes", "1004"),
                Map.entry("index.interval.bytes", "1005"),
                Map.entry("retention.bytes", "1006"),
                Map.entry("retention.ms", "1007"),
                Map.entry("flush.messages", "1008"),
                Map.entry("flush.ms", "1009"),
                Map.entry("file.delete.delay.ms", "1010"),
                Map.entry("max.message.bytes", "1011"),
                Map.entry("max.decompressed.message.bytes", "1017"),
                Map.entry("message.timestamp.type", "LogAppendTime"),
                Map.entry("message.timestamp.before.max.ms", "1012"),
                Map.entry("message.timestamp.after.max.ms", "1013"),
                Map.entry("compression.type", "zstd"),
                Map.entry("compression.zstd.level", "7"),
                Map.entry("min.insync.replicas", "2"),
                Map.entry("unclean.leader.election.enable", "true"),
                Map.entry("preallocate", "true"),
                Map.entry("cleanup.policy", "compact"),
                Map.entry("min.cleanable.dirty.ratio", "0.25"),
                Map.entry("min.compaction.lag.ms", "1014"),
                Map.entry("max.compaction.lag.ms", "1015"),
                Map.entry("delete.retention.ms", "1016"),
                Map.entry("leader.replication.throttled.replicas", "0:1,1:2"),
                Map.entry("follower.replication.throttled.replicas", "*")));

        assertThat(properties)
                .isEqualTo(new TopicProperties(
                        1001,
                        1002,
                        1003,
                        1004,
                        1005,
                        1006,
                        1007,
                        1008,
                        1009,
                        1010,
                        1011,
                        1017,
                        TimestampType.LOG_APPEND_TIME,
                        1012,
                        1013,
                        CompressionType.ZSTD,
                        7,
                        2,
                        true,
                        true,
                        false,
                        true,
                        0.25,
                        1014,
                        1015,
                        1016,
                        List.of("0:1", "1:2"),
                        List.of("*")));
    }

    @Test
    void shouldTakeTheBrokersDefaultsWhereTheTopicDoesNotSay() {
        TopicConfigs changed = BrokerConfig.of(Map.of("log.segment.bytes", "5000", "message.max.bytes", "6000"))
                .topics();

        assertThat(changed.properties(Map.of("max.message.bytes", "7000")).segmentBytes())
                .isEqualTo(5000);
        assertThat(changed.properties(Map.of("max.message.bytes", "7000")).maxMessageBytes())
                .isEqualTo(7000);
    }

    @Test
    void shouldTakeEveryBrokerDefaultThatATopicHas() {
        // given  a broker whose every default of a topic's numbers differs from Kafka's
        for (ConfigDefinition definition : ConfigCatalog.topic().all()) {
            if (definition.brokerName() == null || definition.type() != ConfigType.LONG) {
                continue;
            }
            TopicConfigs changed =
                    BrokerConfig.of(Map.of(definition.brokerName(), "12345")).topics();
            // then   the topic's is that
            assertThat(changed.text(definition, Map.of())).as(definition.name()).isEqualTo("12345");
        }
    }

    @Test
    void shouldTakeTheOldLimitOfTimestampsWhereNoNewOneIsSet() {
        TopicProperties old = topics.properties(Map.of("message.timestamp.difference.max.ms", "9"));
        assertThat(old.messageTimestampBeforeMaxMs()).isEqualTo(9);
        assertThat(old.messageTimestampAfterMaxMs()).isEqualTo(9);

        TopicProperties both = topics.properties(
                Map.of("message.timestamp.difference.max.ms", "9", "message.timestamp.after.max.ms", "3"));
        assertThat(both.messageTimestampBeforeMaxMs()).isEqualTo(9);
        assertThat(both.messageTimestampAfterMaxMs()).isEqualTo(3);
    }

    @Test
    void shouldPassOverWhatAnOldStoreHoldsAndNobodyCanRead() {
        assertThat(topics.properties(Map.of("segment.bytes", "none", "acme.flavour", "sweet")))
                .isEqualTo(TopicProperties.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "segment.bytes | 13 | 14 or more",
                "segment.bytes | 3000000000 | whole number from",
                "retention.ms | -2 | -1 or more",
                "cleanup.policy | delete,shred | each of compact, delete",
                "compression.type | brotli | one of uncompressed",
                "message.timestamp.type | Whenever | one of CreateTime",
                "min.insync.replicas | 0 | 1 or more",
                "preallocate | perhaps | true or false",
                "min.cleanable.dirty.ratio | 1.5 | 0 to 1",
                "leader.replication.throttled.replicas | 1-2 | partition:broker",
                "retention.mss | 5 | did you mean retention.ms?",
                "max.compaction.lag.ms | 0 | 1 or more",
                "remote.storage.enable | true | remote.log.storage.system.enable is false",
            })
    void shouldRefuseWhatATopicCanNotHave(String name, String value, String why) {
        Failure failure = refusal(topics, Map.of(name, value));

        assertThat(failure.error()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(failure.text()).contains(why);
    }

    @Test
    void shouldRefuseALeastThatIsAboveTheMost() {
        assertThat(refusal(topics, Map.of("min.compaction.lag.ms", "5", "max.compaction.lag.ms", "4"))
                        .text())
                .contains("min.compaction.lag.ms not above max.compaction.lag.ms");
        assertThat(refusal(topics, Map.of("min.compaction.lag.ms", "4", "max.compaction.lag.ms", "4")))
                .isNull();
    }

    @Test
    void shouldNameAllThatIsWrong() {
        assertThat(refusal(topics, Map.of("segment.bytes", "1", "no.such", "x")).text())
                .contains("no.such")
                .contains("segment.bytes");
    }

    @Test
    void shouldRefuseNullAndTakeNothing() {
        java.util.Map<String, String> withNull = new java.util.HashMap<>();
        withNull.put("segment.bytes", null);

        assertThat(refusal(topics, withNull).error()).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(refusal(topics, Map.of())).isNull();
    }

    @Test
    void shouldHoldTieredTopicsToTheirRules() {
        TopicConfigs tiered = BrokerConfig.of(Map.of("remote.log.storage.system.enable", "true"))
                .topics();

        assertThat(refusal(tiered, Map.of("remote.storage.enable", "true"))).isNull();
        assertThat(refusal(tiered, Map.of("remote.storage.enable", "true", "cleanup.policy", "compact"))
                        .text())
                .contains("cleanup.policy");
        assertThat(refusal(
                                tiered,
                                Map.of("remote.storage.enable", "true", "local.retention.ms", "5", "retention.ms", "4"))
                        .text())
                .contains("local.retention.ms");
        assertThat(refusal(
                        tiered,
                        Map.of("remote.storage.enable", "true", "local.retention.ms", "-2", "retention.ms", "4")))
                .isNull();
    }

    private static Failure refusal(TopicConfigs topics, Map<String, String> overrides) {
        return topics.refusal(overrides, overrides.keySet());
    }

    @Test
    void shouldNotHoldAgainstANewSettingWhatWasWrongBefore() {
        Map<String, String> overrides = Map.of("no.such", "1", "segment.bytes", "x", "retention.ms", "5");

        assertThat(topics.refusal(overrides, Set.of("retention.ms"))).isNull();
        assertThat(topics.refusal(overrides, Set.of("retention.ms", "no.such")).text())
                .contains("no.such")
                .doesNotContain("segment.bytes");
    }
}
