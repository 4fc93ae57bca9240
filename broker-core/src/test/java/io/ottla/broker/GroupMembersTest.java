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
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many real consumers in one classic group, which come, go, and vanish while records flow. */
@Tag("full")
final class GroupMembersTest {
    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private final TestingMembers members =
            new TestingMembers(() -> ottla, Map.of("heartbeat.interval.ms", "300", "session.timeout.ms", "6000"));

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        ottla = new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "4"));
        members.createTopic();
    }

    @AfterEach
    void stop() throws Exception {
        members.end();
        ottla.close();
        zooKeeper.close();
    }

    @Test
    void shouldShareTheWorkWhileMembersComeAndGo() throws Exception {
        // given  one member that has it all
        Map<String, Object> cooperative =
                Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        members.come(cooperative);
        members.awaitBalance();
        // when   five more come while records flow, and two leave
        members.comeAndGo(cooperative);
        // then   every record was read
        members.awaitRead(1800);
    }

    @Test
    void shouldGoOnWithoutAMemberThatVanished() throws Exception {
        // given  three members, one of which has a fixed identity and so does not say good-bye
        Map<String, Object> eager = Map.of("partition.assignment.strategy", RangeAssignor.class.getName());
        members.come(eager);
        members.come(eager);
        Map<String, Object> fixed = new HashMap<>(eager);
        fixed.put("group.instance.id", "fixed");
        TestingMembers.Member vanishing = members.come(fixed);
        members.awaitBalance();
        Set<TopicPartition> lost = vanishing.owned();
        members.produce(0, 600);
        members.awaitRead(600);
        // when   it stops and comes back at once
        members.leave(vanishing);
        TestingMembers.Member back = members.come(fixed);
        // then   it has what it had, and nobody was disturbed
        await().atMost(TestingMembers.PATIENCE).until(() -> back.owned().equals(lost));
        members.awaitBalance();
        try (Admin admin = ottla.admin()) {
            assertThat(admin.describeClassicGroups(List.of("members"))
                            .all()
                            .get()
                            .get("members")
                            .members())
                    .hasSize(3);
        }
        // when   it stops and stays away
        members.leave(back);
        members.produce(600, 600);
        // then   the others take over when its session is over
        members.awaitBalance();
        members.awaitRead(1200);
    }
}
