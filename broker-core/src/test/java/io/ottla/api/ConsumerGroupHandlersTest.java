package io.ottla.api;

import static io.ottla.api.TestingDataPath.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConsumerGroupProperties;
import io.ottla.config.GroupProperties;
import io.ottla.config.TestingGroupProperties;
import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.assign.GroupAssignors;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.replication.TestingTimer;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** Who may speak to consumer groups at all; what the groups answer then is not asked here, where none is coordinated. */
class ConsumerGroupHandlersTest {
    private final TestingDataPath path = new TestingDataPath(1);
    private String hiddenGroup = "";
    private String hiddenTopic = "";
    private final GroupAccess access = new GroupAccess(new Authorizer() {
        @Override
        public boolean allows(Caller caller, AclOperation operation, ResourceType type, String name) {
            return !name.equals(type == ResourceType.GROUP ? hiddenGroup : hiddenTopic);
        }

        @Override
        public boolean allowsAny(Caller caller, AclOperation operation, ResourceType type) {
            return true;
        }
    });

    private GroupCoordinator coordinator(boolean isServed, int level) {
        GroupProperties properties =
                new TestingGroupProperties().servesConsumer(isServed).properties();
        TestingTimer time = new TestingTimer();
        GroupCoordinator coordinator = new GroupCoordinator(
                properties,
                new GroupCoordinator.Ports(
                        path.replicas,
                        Runnable::run,
                        Runnable::run,
                        time,
                        time,
                        new Random(1),
                        new Metrics(),
                        Runnable::run,
                        GroupAssignors.of(properties.consumer().assignors()),
                        _ -> ConsumerGroupProperties.DEFAULTS));
        MetadataChange features =
                new MetadataChange.FeaturesSet(new FeaturesImage(Map.of("group.version", (short) level), 1));
        coordinator
                .apply(new ImageStep(ClusterImage.EMPTY, ClusterImage.EMPTY.with(features), List.of(features)))
                .toCompletableFuture()
                .join();
        return coordinator;
    }

    private Errors beat(GroupCoordinator coordinator) {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setRebalanceTimeoutMs(1)
                .setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of());
        return Errors.forCode(
                answer(new ConsumerGroupHeartbeatHandler(coordinator, access).handle(path.context(1), request))
                        .errorCode());
    }

    private Errors describe(GroupCoordinator coordinator) {
        return Errors.forCode(answer(new ConsumerGroupDescribeHandler(coordinator, access)
                        .handle(path.context(1), new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g"))))
                .groups()
                .getFirst()
                .errorCode());
    }

    @Test
    void shouldServeConsumerGroupsWhereTheFeatureIsOnAndTheBrokerMay() {
        assertThat(beat(coordinator(true, 0))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(describe(coordinator(true, 0))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(beat(coordinator(false, 1))).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(beat(coordinator(true, 1))).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(describe(coordinator(true, 1))).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void shouldRefuseGroupsAndTopicsThatTheCallerMayNotSee() {
        GroupCoordinator coordinator = coordinator(true, 1);
        hiddenTopic = "t";
        assertThat(beat(coordinator)).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
        hiddenGroup = "g";
        assertThat(beat(coordinator)).isEqualTo(Errors.GROUP_AUTHORIZATION_FAILED);
        assertThat(describe(coordinator)).isEqualTo(Errors.GROUP_AUTHORIZATION_FAILED);
    }
}
