package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigOperation;
import io.ottla.config.ConfigOperation.Kind;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigAlterationTest {
    private static final ConfigResourceName TOPIC = ConfigResourceName.topic("t");
    private static final ConfigResourceName GROUP = ConfigResourceName.group("g");

    private final TestingCluster cluster = new TestingCluster();

    @BeforeEach
    void start() {
        cluster.store.broker(1, null);
        cluster.elect();
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic("t", 1, (short) 1, List.of(), Map.of("retention.ms", "5"))), false));
    }

    private Errors alter(ConfigResourceName resource, ConfigOperation... operations) {
        return error(cluster.await(cluster.controller.alterConfigs(
                        List.of(new AlteredConfig(resource, List.of(operations), false)), false))
                .getFirst());
    }

    private static Errors error(Optional<Failure> failure) {
        return failure.map(Failure::error).orElse(Errors.NONE);
    }

    private Map<String, String> image(ConfigResourceName resource) {
        return cluster.image.config(resource).values();
    }

    private Map<String, String> store(ConfigResourceName resource) {
        return cluster.store.configs.getOrDefault(resource, ConfigImage.EMPTY).values();
    }

    @Test
    void shouldWriteWhatWasAskedForAndPublishIt() {
        // when   settings of several kinds of resources are changed
        assertThat(alter(
                        TOPIC,
                        ConfigOperation.set("segment.ms", "7"),
                        new ConfigOperation("retention.ms", Kind.DELETE, null),
                        new ConfigOperation("cleanup.policy", Kind.APPEND, "compact")))
                .isEqualTo(Errors.NONE);
        assertThat(alter(ConfigResourceName.brokerDefault(), ConfigOperation.set("log.segment.bytes", "1000")))
                .isEqualTo(Errors.NONE);
        assertThat(alter(GROUP, ConfigOperation.set("consumer.session.timeout.ms", "50000")))
                .isEqualTo(Errors.NONE);
        // then   the store and all brokers have them
        assertThat(image(TOPIC)).isEqualTo(Map.of("segment.ms", "7", "cleanup.policy", "delete,compact"));
        assertThat(image(GROUP)).isEqualTo(Map.of("consumer.session.timeout.ms", "50000"));
        for (ConfigResourceName resource : List.of(TOPIC, GROUP, ConfigResourceName.brokerDefault())) {
            assertThat(store(resource)).isEqualTo(image(resource)).isNotEmpty();
        }
    }

    @Test
    void shouldReplaceAllThatIsSet() {
        AlteredConfig all = new AlteredConfig(TOPIC, List.of(ConfigOperation.set("segment.ms", "7")), true);

        cluster.await(cluster.controller.alterConfigs(List.of(all), false));

        assertThat(image(TOPIC)).isEqualTo(Map.of("segment.ms", "7"));
        cluster.await(cluster.controller.alterConfigs(List.of(new AlteredConfig(TOPIC, List.of(), true)), false));
        assertThat(image(TOPIC)).isEmpty();
        assertThat(cluster.image.configs()).isEmpty();
    }

    @Test
    void shouldRefuseEachResourceForItself() {
        List<AlteredConfig> asked = new ArrayList<>();
        ConfigOperation segment = ConfigOperation.set("segment.ms", "7");
        for (ConfigResourceName resource : List.of(
                ConfigResourceName.topic("nowhere"),
                ConfigResourceName.topic("a b"),
                ConfigResourceName.topic(""),
                TOPIC,
                ConfigResourceName.group(""),
                ConfigResourceName.group("x".repeat(ConfigAlteration.MAX_GROUP_BYTES + 1)),
                new ConfigResourceName(ConfigResource.Type.BROKER, "one"),
                new ConfigResourceName(ConfigResource.Type.BROKER, "-1"),
                new ConfigResourceName(ConfigResource.Type.CLIENT_METRICS, "m"))) {
            asked.add(new AlteredConfig(resource, List.of(segment), false));
        }

        assertThat(cluster.await(cluster.controller.alterConfigs(asked, false)))
                .extracting(ConfigAlterationTest::error)
                .containsExactly(
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        Errors.INVALID_TOPIC_EXCEPTION,
                        Errors.INVALID_REQUEST,
                        Errors.NONE,
                        Errors.INVALID_REQUEST,
                        Errors.INVALID_REQUEST,
                        Errors.INVALID_REQUEST,
                        Errors.INVALID_REQUEST,
                        Errors.INVALID_REQUEST);
        assertThat(image(TOPIC)).containsEntry("segment.ms", "7");
        assertThat(alter(TOPIC, ConfigOperation.set("bad", "1"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(TOPIC, new ConfigOperation("retention.ms", Kind.APPEND, "1")))
                .isEqualTo(Errors.INVALID_CONFIG);
    }

    @Test
    void shouldWriteNothingWhereItIsOnlyAsked() {
        int writes = cluster.store.writes;

        assertThat(cluster.await(cluster.controller.alterConfigs(
                        List.of(new AlteredConfig(TOPIC, List.of(ConfigOperation.set("segment.ms", "7")), false)),
                        true)))
                .containsExactly(Optional.empty());
        assertThat(alter(TOPIC, ConfigOperation.set("retention.ms", "5"))).isEqualTo(Errors.NONE);

        assertThat(cluster.store.writes).as("nor where it is so already").isEqualTo(writes);
    }

    @Test
    void shouldBoundWhatOneResourceTakes() {
        String large = "x".repeat(ConfigAlteration.MAX_BYTES / 2);
        String controls = "\u0001".repeat(ConfigAlteration.MAX_BYTES / 6);

        assertThat(alter(TOPIC, ConfigOperation.set("segment.ms", large))).isEqualTo(Errors.NONE);
        assertThat(alter(TOPIC, ConfigOperation.set("segment.bytes", large))).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(alter(GROUP, ConfigOperation.set("consumer.session.timeout.ms", controls)))
                .isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(image(TOPIC)).containsOnlyKeys("retention.ms", "segment.ms");
    }

    @Test
    void shouldBoundTheNamesOfAllGroupsTogether() {
        ConfigOperation session = ConfigOperation.set("consumer.session.timeout.ms", "50000");
        List<AlteredConfig> many = new ArrayList<>();
        for (int i = 0; i < ConfigAlteration.MAX_GROUPS_BYTES / 1000 + 1; i++) {
            String id = "g".repeat(996) + (1000 + i);
            many.add(new AlteredConfig(ConfigResourceName.group(id), List.of(session), false));
        }

        List<Optional<Failure>> results = cluster.await(cluster.controller.alterConfigs(many, false));

        assertThat(error(results.getLast())).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(results.subList(0, results.size() - 1)).allMatch(Optional::isEmpty);
    }

    @Test
    void shouldTakeALostReplyForWhatItWas() {
        // given  a write that happens, and whose reply is lost
        cluster.store.fates.add(TestingStore.Fate.WRITTEN_AND_REPLY_LOST);
        // when   something is appended
        assertThat(alter(TOPIC, new ConfigOperation("cleanup.policy", Kind.APPEND, "compact")))
                .isEqualTo(Errors.NONE);
        // then   it is there once
        assertThat(image(TOPIC)).containsEntry("cleanup.policy", "delete,compact");
    }
}
