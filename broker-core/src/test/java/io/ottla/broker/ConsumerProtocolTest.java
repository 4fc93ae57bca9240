package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real consumers of the consumer protocol (KIP-848), and of both protocols in one group. */
@Tag("full")
final class ConsumerProtocolTest {
    private static final Map<String, Object> CONSUMER = Map.of("group.protocol", "consumer");
    private static final Map<String, Object> CLASSIC = Map.of(
            "partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName(),
            "heartbeat.interval.ms",
            "300",
            "session.timeout.ms",
            "6000");

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private String listener = "PLAINTEXT://127.0.0.1:0";
    private final TestingMembers members = new TestingMembers(() -> ottla, Map.of());

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        startBroker();
        members.createTopic();
    }

    private void startBroker() throws Exception {
        ottla = new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of(
                        "listeners", listener,
                        "group.initial.rebalance.delay.ms", "0",
                        "offsets.topic.num.partitions", "4",
                        "group.consumer.min.heartbeat.interval.ms", "100",
                        "group.consumer.heartbeat.interval.ms", "300",
                        "group.consumer.min.session.timeout.ms", "1000",
                        "group.consumer.session.timeout.ms", "6000",
                        "group.consumer.assignment.interval.ms", "100"));
        listener = "PLAINTEXT://" + ottla.bootstrap();
    }

    @AfterEach
    void stop() throws Exception {
        members.end();
        ottla.close();
        zooKeeper.close();
    }

    private String type() throws Exception {
        try (Admin admin = ottla.admin()) {
            GroupListing listing = admin.listGroups().all().get().iterator().next();
            return listing.type().orElseThrow().toString();
        }
    }

    @Test
    void shouldShareTheWorkWhileMembersComeAndGoAndTheBrokerRestarts() throws Exception {
        // given
        members.come(CONSUMER);
        members.awaitBalance();
        // when   five more come while records flow, and two leave
        members.comeAndGo(CONSUMER);
        members.awaitRead(1800);
        // and    the broker starts again
        ottla.close();
        startBroker();
        members.produce(1800, 600);
        // then   nothing is lost, and nobody is out
        members.awaitRead(2400);
        members.awaitBalance();
        // and    partitions that are added are shared too
        try (Admin admin = ottla.admin()) {
            admin.createPartitions(Map.of("flow", NewPartitions.increaseTo(TestingMembers.PARTITIONS + 4)))
                    .all()
                    .get();
        }
        members.awaitBalance(TestingMembers.PARTITIONS + 4);
    }

    @Test
    void shouldGiveAStaticMemberThatComesBackWhatItHad() throws Exception {
        // given
        members.come(CONSUMER);
        members.come(CONSUMER);
        Map<String, Object> fixed = new HashMap<>(CONSUMER);
        fixed.put("group.instance.id", "fixed");
        TestingMembers.Member vanishing = members.come(fixed);
        members.awaitBalance();
        Set<TopicPartition> lost = vanishing.owned();
        // when   it stops and comes back at once
        members.leave(vanishing);
        TestingMembers.Member back = members.come(fixed);
        // then
        await().atMost(TestingMembers.PATIENCE).until(() -> back.owned().equals(lost));
        members.awaitBalance();
        // when   it stays away
        members.leave(back);
        members.produce(0, 600);
        // then   the others take over when its session is over
        members.awaitBalance();
        members.awaitRead(600);
    }

    @Test
    void shouldReadTopicsThatAPatternMatchesAsTheyCome() throws Exception {
        // given
        TestingMembers.Member one =
                members.come(CONSUMER, consumer -> consumer.subscribe(new SubscriptionPattern("flo.*|f[0-9]+")));
        await().atMost(TestingMembers.PATIENCE)
                .untilAsserted(() -> assertThat(one.owned()).hasSize(TestingMembers.PARTITIONS));
        // when
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("f1", 1, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get();
        }
        members.produce("f1", 1, 0, 5);
        members.produce("other", 1, 0, 5);
        // then
        members.awaitRead(5);
        assertThat(one.owned()).hasSize(TestingMembers.PARTITIONS + 1);
    }

    @Test
    void shouldUpgradeAGroupMemberByMemberAndBack() throws Exception {
        // given  a classic group that is read and commits
        for (int i = 0; i < 3; i++) {
            members.come(CLASSIC);
        }
        members.awaitBalance();
        members.produce(0, 600);
        members.awaitRead(600);
        assertThat(type()).isEqualToIgnoringCase("classic");
        // when   one after the other is started anew with the other protocol
        for (int i = 0; i < 3; i++) {
            members.leaveFirst();
            members.come(CONSUMER);
            members.produce(600 + 60 * i, 60);
            members.awaitBalance();
        }
        // then
        assertThat(type()).isEqualToIgnoringCase("consumer");
        members.awaitRead(780);
        // when   and back
        for (int i = 0; i < 3; i++) {
            members.leaveFirst();
            members.come(CLASSIC);
            members.produce(780 + 60 * i, 60);
            members.awaitBalance();
        }
        // then
        assertThat(type()).isEqualToIgnoringCase("classic");
        members.awaitRead(960);
    }
}
