package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePVector;

/** The samples are what Kafka 3.9.2 wrote, and what its documentation of older layouts names. */
class MetadataNodesTest {
    private static final PartitionImage ASSIGNMENT =
            PartitionImage.unborn(List.of(new BrokerId(1), new BrokerId(2)), List.of(), List.of());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadATopicAsKafkaWritesIt() {
        TopicImage topic = TopicNode.decode(
                "auto1",
                bytes("{\"partitions\":{\"0\":[1]},\"topic_id\":\"AR3dMbGYT-C7CO9Auw-F7g\",\"adding_replicas\":{},"
                        + "\"removing_replicas\":{},\"version\":3}"));
        assertThat(topic.id()).isEqualTo(TopicId.parse("AR3dMbGYT-C7CO9Auw-F7g"));
        assertThat(topic.partitions()).hasSize(1);
        assertThat(topic.partition(0).replicas()).containsExactly(new BrokerId(1));
        assertThat(topic.partition(0).isUnborn()).isTrue();
    }

    @Test
    void shouldReadTopicsOfOlderVersionsAndFieldsNobodyKnows() {
        TopicImage first = TopicNode.decode("t", bytes("{\"version\":1,\"partitions\":{\"1\":[2,1],\"0\":[1,2]}}"));
        assertThat(first.id()).isEqualTo(TopicId.ZERO);
        assertThat(first.partition(1).replicas()).containsExactly(new BrokerId(2), new BrokerId(1));
        TopicImage second = TopicNode.decode(
                "t",
                bytes("{\"version\":2,\"partitions\":{\"0\":[1,2]},\"adding_replicas\":{\"0\":[2]},"
                        + "\"removing_replicas\":{\"0\":[1]},\"more\":[1]}"));
        assertThat(second.partition(0).adding()).containsExactly(new BrokerId(2));
        assertThat(second.partition(0).removing()).containsExactly(new BrokerId(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"version\":3}",
                "{\"version\":3,\"partitions\":{}}",
                "{\"version\":3,\"partitions\":{\"0\":[]}}",
                "{\"version\":3,\"partitions\":{\"0\":[1],\"2\":[1]}}",
                "{\"version\":3,\"partitions\":{\"0\":[1,1]}}",
                "{\"version\":3,\"partitions\":{\"0\":[-1]}}",
                "{\"version\":3,\"partitions\":{\"0\":\"x\"}}",
                "{\"version\":3,\"partitions\":{\"0\":[1]},\"topic_id\":\"no id\"}",
                "{\"partitions\":{\"0\":[1]}}"
            })
    void shouldNotReadATopicThatMakesNoSense(String data) {
        assertThat(TopicNode.decode("t", bytes(data))).isNull();
    }

    @Test
    void shouldWriteATopicAsKafkaReadsIt() {
        PartitionImage moving = PartitionImage.unborn(
                List.of(new BrokerId(1), new BrokerId(2)), List.of(new BrokerId(2)), List.of(new BrokerId(1)));
        TopicImage topic = new TopicImage(
                "t", TopicId.parse("AR3dMbGYT-C7CO9Auw-F7g"), TreePVector.from(List.of(moving, ASSIGNMENT)), false);
        assertThat(text(TopicNode.encode(topic)))
                .isEqualTo("{\"version\":3,\"topic_id\":\"AR3dMbGYT-C7CO9Auw-F7g\","
                        + "\"partitions\":{\"0\":[1,2],\"1\":[1,2]},"
                        + "\"adding_replicas\":{\"0\":[2]},\"removing_replicas\":{\"0\":[1]}}");
        assertThat(TopicNode.decode("t", TopicNode.encode(topic))).isEqualTo(topic);
    }

    @Test
    void shouldReadAStateAsKafkaWritesIt() {
        PartitionImage state = PartitionNode.decode(
                ASSIGNMENT,
                bytes("{\"controller_epoch\":1,\"leader\":1,\"version\":1,\"leader_epoch\":0,\"isr\":[1]}"),
                4);
        assertThat(state.leader()).isEqualTo(new BrokerId(1));
        assertThat(state.partitionEpoch()).isEqualTo(new PartitionEpoch(4));
        assertThat(state.inSync()).containsExactly(new BrokerId(1));
        assertThat(state.eligible()).isEmpty();
        assertThat(state.lastKnownLeader()).isEqualTo(BrokerId.NONE);
        assertThat(state.recovering()).isFalse();
        assertThat(text(PartitionNode.encode(state)))
                .isEqualTo("{\"controller_epoch\":1,\"leader\":1,\"version\":1,\"leader_epoch\":0,\"isr\":[1]}");
    }

    @Test
    void shouldKeepWhatOnlyWeKnowOfAState() {
        PartitionImage state = new PartitionImage(
                ASSIGNMENT.replicas(),
                List.of(),
                List.of(),
                BrokerId.NONE,
                new LeaderEpoch(3),
                new PartitionEpoch(9),
                new ControllerEpoch(2),
                List.of(),
                List.of(new BrokerId(2)),
                new BrokerId(1),
                true);
        assertThat(text(PartitionNode.encode(state))).contains("\"leader_recovery_state\":1");
        assertThat(PartitionNode.decode(ASSIGNMENT, PartitionNode.encode(state), 9))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"version\":1,\"leader\":1,\"leader_epoch\":0,\"isr\":[1]}",
                "{\"version\":1,\"leader\":\"1\",\"leader_epoch\":0,\"controller_epoch\":1,\"isr\":[1]}",
                "{\"version\":1,\"leader\":1,\"leader_epoch\":0,\"controller_epoch\":1,\"isr\":[\"a\"]}"
            })
    void shouldNotReadAStateThatMakesNoSense(String data) {
        assertThat(PartitionNode.decode(ASSIGNMENT, bytes(data), 0)).isNull();
    }

    @Test
    void shouldReadAndWriteConfiguration() {
        ConfigImage config = ConfigNode.decode(bytes("{\"version\":1,\"config\":{\"retention.ms\":\"1234\"}}"));
        assertThat(config.values()).containsOnly(Map.entry("retention.ms", "1234"));
        assertThat(text(ConfigNode.encode(config))).isEqualTo("{\"version\":1,\"config\":{\"retention.ms\":\"1234\"}}");
        assertThat(ConfigNode.decode(bytes("{\"version\":1,\"config\":{}}"))).isEqualTo(ConfigImage.EMPTY);
        assertThat(ConfigNode.decode(bytes("{\"version\":1}"))).isNull();
        assertThat(ConfigNode.path(ConfigResourceName.brokerDefault())).isEqualTo("/config/brokers/<default>");
    }

    @Test
    void shouldReadNotesOfAllVersions() {
        ConfigResourceName topic = ConfigResourceName.topic("x");
        assertThat(ConfigNode.decodeNote(bytes("{\"version\":2,\"entity_path\":\"topics/x\"}")))
                .isEqualTo(topic);
        assertThat(ConfigNode.decodeNote(bytes("{\"version\":1,\"entity_type\":\"topics\",\"entity_name\":\"x\"}")))
                .isEqualTo(topic);
        assertThat(ConfigNode.decodeNote(bytes("\"x\""))).isEqualTo(topic);
        assertThat(ConfigNode.isNote(bytes("\"x\""))).isTrue();
        assertThat(ConfigNode.decodeNote(bytes("{\"version\":2,\"entity_path\":\"brokers/<default>\"}")))
                .isEqualTo(ConfigResourceName.brokerDefault());
        assertThat(ConfigNode.decodeNote(ConfigNode.encodeNote(ConfigResourceName.broker(3))))
                .isEqualTo(ConfigResourceName.broker(3));
        assertThat(ConfigNode.decodeNote(bytes("{\"version\":2,\"entity_path\":\"groups/a%2Fb\"}")))
                .isEqualTo(ConfigResourceName.group("a/b"));
        for (String other : List.of(
                "",
                "\"\"",
                "\"a/b\"",
                "x",
                "[\"x\"]",
                "{\"version\":2,\"entity_path\":\"users/a/clients/b\"}",
                "{\"version\":2,\"entity_path\":\"topics\"}",
                "{\"version\":1,\"entity_type\":\"clients\",\"entity_name\":\"x\"}")) {
            assertThat(ConfigNode.decodeNote(bytes(other))).as(other).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", ".", "..", "a/b", "<default>", "100%", "%", "a b+*~", "\u0000\u0001", "ü\uD83D\uDE00"})
    void shouldFindAGroupOfAnyNameAgainByItsNode(String group) {
        String path = ConfigNode.path(ConfigResourceName.group(group));

        assertThat(path).matches("/config/groups/[-A-Za-z0-9_.%]+").doesNotMatch(".*/\\.+");
        String name = path.substring(path.lastIndexOf('/') + 1);
        assertThat(ConfigNode.resource("groups", name)).isEqualTo(ConfigResourceName.group(group));
    }

    @Test
    void shouldTakeTheNameOfANodeThatIsNotEncodedAsItIs() {
        assertThat(ConfigNode.resource("groups", "50%")).isEqualTo(ConfigResourceName.group("50%"));
    }
}
