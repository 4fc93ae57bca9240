package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no honest member sends, over the wire: the protocol's own error for each, and the others are served on. */
final class GroupBadInputTest {
    private static final short JOIN = 9;
    private static final String TOPIC = "known";
    private static final String LONGEST_NAME = "x".repeat(32_767);

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private GroupLink link;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        ottla = new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "4"));
        link = new GroupLink(ottla);
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
    void shouldRefuseWhoIsNoMemberAndWhoIsOfAnotherGeneration() throws Exception {
        // given  a member in generation 1
        createTopic();
        String member = member("g").memberId();
        // when, then  strangers are told so by everything that asks for a member
        assertThat(link.heartbeat("g", "who", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(link.sync("g", "who", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(link.leave("g", "who")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(link.commit("g", "who", 1, TOPIC, "")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(Errors.forCode(link.join(joining("g").setMemberId("who")).errorCode()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        // and    so is who commits without being a member, since the group is in use
        assertThat(link.commit("g", TOPIC)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        // and    a member of another generation, be it past, to come or none
        for (int generation : new int[] {0, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(link.heartbeat("g", member, generation)).isEqualTo(Errors.ILLEGAL_GENERATION);
            assertThat(link.sync("g", member, generation)).isEqualTo(Errors.ILLEGAL_GENERATION);
            assertThat(link.commit("g", member, generation, TOPIC, "")).isNotEqualTo(Errors.NONE);
        }
        assertThat(link.committed("g", TOPIC)).isEqualTo(-1);
        // and    the member is served as before
        assertThat(link.heartbeat("g", member, 1)).isEqualTo(Errors.NONE);
        assertThat(link.commit("g", member, 1, TOPIC, "")).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseTopicsThatAreMissingOneByOne() throws Exception {
        createTopic();
        assertThat(link.commit("g", TOPIC)).isEqualTo(Errors.NONE);
        assertThat(link.commit("g", "no-such-topic")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(link.committed("g", "no-such-topic")).isEqualTo(-1);
        assertThat(link.forget("g", "no-such-topic")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(link.forget("no-such-group", TOPIC)).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(link.committed("g", TOPIC)).isEqualTo(1);
    }

    @Test
    void shouldRefuseMetadataThatIsTooLargeAndKeepNothingOfIt() throws Exception {
        createTopic();
        assertThat(link.commit("g", "", -1, TOPIC, "m".repeat(4097))).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(link.commit("g", "", -1, TOPIC, "\u00e9".repeat(32_767 / 2)))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(link.committed("g", TOPIC)).isEqualTo(-1);
        assertThat(link.commit("g", "", -1, TOPIC, "m".repeat(4096))).isEqualTo(Errors.NONE);
        assertThat(link.committed("g", TOPIC)).isEqualTo(1);
    }

    @Test
    void shouldAnswerNamesThatAreNoText() throws Exception {
        // given  a group, and names of bytes that are no UTF-8
        String member = member("g").memberId();
        for (byte[] odd : List.of(new byte[] {-1, -2}, new byte[] {-64, -128}, new byte[] {'a', -32}, new byte[] {0})) {
            // when, then  the member is in no such group, and the connection goes on
            assertThat(link.heartbeat(odd)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        }
        assertThat(link.heartbeat("g", member, 1)).isEqualTo(Errors.NONE);
        assertThat(link.groups()).containsExactly("g");
    }

    @Test
    void shouldHangUpOnANameLongerThanTheProtocolAllows() throws Exception {
        String member = member("g").memberId();
        for (int length : new int[] {32_768, 65_536, 1 << 20}) {
            try (GroupLink wrong = new GroupLink(ottla)) {
                assertThat(wrong.heartbeat(new byte[length])).isNull();
            }
            assertThat(link.heartbeat("g", member, 1)).isEqualTo(Errors.NONE);
        }
    }

    private void createTopic() throws Exception {
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    @Test
    void shouldServeOthersWhileMembersComeAndVanishByTheThousand() throws Exception {
        // given  a member of a quiet group
        JoinGroupResponseData quiet = member("quiet");
        // when   thousands ask to join others, on connections that close before the answer comes
        for (int i = 0; i < 40; i++) {
            try (GroupLink vanishing = new GroupLink(ottla)) {
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
