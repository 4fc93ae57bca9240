package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no honest member sends, over the wire: the protocol's own error for each, and the others are served on. */
final class GroupBadInputTest {
    private static final short JOIN = 9;
    private static final short HEARTBEAT = 4;
    private static final String LONGEST_NAME = "x".repeat(32_767);

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private Link link;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        ottla = new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "4"));
        link = new Link();
        Awaitility.await()
                .until(() -> ((FindCoordinatorResponseData) link.ask(
                                                ApiKeys.FIND_COORDINATOR,
                                                (short) 2,
                                                new FindCoordinatorRequestData().setKey("any")))
                                        .errorCode()
                                == 0
                        && link.groups() != null);
    }

    @AfterEach
    void stop() throws Exception {
        link.close();
        ottla.close();
        zooKeeper.close();
    }

    /** One connection, whose requests may be sent without waiting for answers. */
    private final class Link implements AutoCloseable {
        private final Wire wire = new Wire(ottla.broker().listeners().getFirst().port());

        Link() throws IOException {}

        void send(ApiKeys key, short version, ApiMessage request) throws IOException {
            wire.send(wire.frame(key, version, request));
        }

        ApiMessage ask(ApiKeys key, short version, ApiMessage request) throws IOException {
            return wire.ask(key, version, request);
        }

        JoinGroupResponseData join(JoinGroupRequestData request) throws IOException {
            return (JoinGroupResponseData) ask(ApiKeys.JOIN_GROUP, JOIN, request);
        }

        Errors heartbeat(String group, String member, int generation) throws IOException {
            HeartbeatRequestData request = new HeartbeatRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setGenerationId(generation);
            return Errors.forCode(((HeartbeatResponseData) ask(ApiKeys.HEARTBEAT, HEARTBEAT, request)).errorCode());
        }

        Errors commit(String group, String topic) throws IOException {
            OffsetCommitRequestData request = new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setTopics(List.of(new OffsetCommitRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(new OffsetCommitRequestPartition()
                                    .setCommittedOffset(1)
                                    .setCommittedMetadata("")))));
            OffsetCommitResponseData answer = (OffsetCommitResponseData) ask(ApiKeys.OFFSET_COMMIT, (short) 9, request);
            return Errors.forCode(
                    answer.topics().getFirst().partitions().getFirst().errorCode());
        }

        /** Null while they are being loaded. */
        List<String> groups() throws IOException {
            ListGroupsResponseData answer =
                    (ListGroupsResponseData) ask(ApiKeys.LIST_GROUPS, (short) 4, new ListGroupsRequestData());
            return answer.errorCode() != 0
                    ? null
                    : answer.groups().stream()
                            .map(ListGroupsResponseData.ListedGroup::groupId)
                            .toList();
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private static JoinGroupRequestData joining(String group) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId("")
                .setProtocolType("consumer")
                .setSessionTimeoutMs(6_000)
                .setRebalanceTimeoutMs(6_000);
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[] {-1, -1, 9}));
        return request;
    }

    /** A member that is alone in its group and waits for nobody; what it says it wants to read can't be understood. */
    private JoinGroupResponseData member(String group) throws IOException {
        JoinGroupResponseData asked = link.join(joining(group));
        JoinGroupResponseData joined = link.join(joining(group).setMemberId(asked.memberId()));
        link.ask(
                ApiKeys.SYNC_GROUP,
                (short) 3,
                new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(joined.memberId())
                        .setGenerationId(joined.generationId()));
        return joined;
    }

    @Test
    void shouldKeepTheLongestNameThatTheProtocolCanSay() throws Exception {
        JoinGroupResponseData joined = member(LONGEST_NAME);
        assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
        assertThat(link.heartbeat(LONGEST_NAME, joined.memberId(), 1)).isEqualTo(Errors.NONE);
        assertThat(link.heartbeat(LONGEST_NAME, "who", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(link.commit("g", "no-such-topic")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(link.groups()).containsExactly(LONGEST_NAME);
    }

    @Test
    void shouldKeepGroupsOfOddNamesApart() throws Exception {
        // given  names of characters that break texts, lines, paths and patterns
        List<String> odd = List.of("\u0000", "a\nb", "../..", "g\u2028", "\uD83D\uDE80", "%s", "' OR 1=1", " ");
        // when   each has a member
        List<String> members = new ArrayList<>();
        for (String name : odd) {
            JoinGroupResponseData joined = member(name);
            assertThat(Errors.forCode(joined.errorCode())).isEqualTo(Errors.NONE);
            members.add(joined.memberId());
        }
        // then   each is a group of its own, and its member is known in it alone
        assertThat(link.groups()).containsExactlyInAnyOrderElementsOf(odd);
        for (int i = 0; i < odd.size(); i++) {
            assertThat(link.heartbeat(odd.get(i), members.get(i), 1)).isEqualTo(Errors.NONE);
            assertThat(link.heartbeat(odd.get(i), members.get((i + 1) % odd.size()), 1))
                    .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        }
    }

    @Test
    void shouldServeOthersWhileMembersComeAndVanishByTheThousand() throws Exception {
        // given  a member of a quiet group
        JoinGroupResponseData quiet = member("quiet");
        // when   thousands ask to join others, on connections that close before the answer comes
        for (int i = 0; i < 40; i++) {
            try (Link vanishing = new Link()) {
                for (int j = 0; j < 100; j++) {
                    vanishing.send(ApiKeys.JOIN_GROUP, j % 2 == 0 ? JOIN : 3, joining("storm-" + i % 10));
                }
            }
            // then   the quiet one is served
            assertThat(link.heartbeat("quiet", quiet.memberId(), 1)).isEqualTo(Errors.NONE);
        }
        assertThat(link.groups()).contains("quiet");
        // and    whoever did not come back is forgotten, with its group
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(link.heartbeat("quiet", quiet.memberId(), 1)).isEqualTo(Errors.NONE);
            assertThat(ottla.metrics().read().stream()
                            .filter(family -> family.name()
                                    .equals("kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance"))
                            .flatMap(family -> family.samples().stream())
                            .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                            .sum())
                    .isZero();
        });
    }
}
