package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many real consumers in one classic group, which come, go, and vanish while records flow. */
@Tag("full")
final class GroupMembersTest {
    private static final int PARTITIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker ottla;
    private final List<Member> members = new ArrayList<>();
    /** How often each record was read. */
    private final Map<String, AtomicInteger> read = new ConcurrentHashMap<>();

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        ottla = new TestingBroker(
                zooKeeper.address(),
                folder.resolve("logs"),
                Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "4"));
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("flow", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Member member : members) {
            member.end();
        }
        ottla.close();
        zooKeeper.close();
    }

    /** A consumer on a thread of its own that reads and commits until it is ended. */
    private final class Member implements Runnable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Thread thread = new Thread(this);
        private volatile Set<TopicPartition> owned = Set.of();
        private volatile boolean leaving;

        Member(Map<String, Object> more) {
            Map<String, Object> settings = new HashMap<>(Map.of(
                    "group.id", "members",
                    "enable.auto.commit", "false",
                    "heartbeat.interval.ms", "300",
                    "session.timeout.ms", "6000",
                    "metadata.max.age.ms", "2000"));
            settings.putAll(more);
            consumer = ottla.consumer(settings);
            thread.start();
        }

        @Override
        public void run() {
            try (consumer) {
                consumer.subscribe(List.of("flow"));
                while (!leaving) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        read.computeIfAbsent(record.partition() + "-" + record.offset(), _ -> new AtomicInteger())
                                .incrementAndGet();
                    }
                    owned = Set.copyOf(consumer.assignment());
                    commit();
                }
            } catch (WakeupException e) {
                // It is being ended.
            } finally {
                owned = Set.of();
            }
        }

        /** While the group rebalances a commit may be refused; the records are read again then. */
        private void commit() {
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException e) {
                // The next poll joins again.
            }
        }

        void end() throws InterruptedException {
            leaving = true;
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private Member come(Map<String, Object> more) {
        Member member = new Member(more);
        members.add(member);
        return member;
    }

    private void leave(Member member) throws InterruptedException {
        members.remove(member);
        member.end();
    }

    /** Each partition has one owner, and no member has much more than another. */
    private void awaitBalance() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<TopicPartition> all = new ArrayList<>();
            members.forEach(member -> all.addAll(member.owned));
            assertThat(all).hasSize(PARTITIONS).doesNotHaveDuplicates();
            assertThat(members)
                    .allSatisfy(member -> assertThat(member.owned.size())
                            .isBetween(PARTITIONS / members.size(), Math.ceilDiv(PARTITIONS, members.size())));
        });
    }

    private void produce(int from, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            for (int i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>("flow", i % PARTITIONS, null, new byte[10]));
            }
            producer.flush();
        }
    }

    private void awaitRead(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read).hasSize(count));
    }

    @Test
    void shouldShareTheWorkWhileMembersComeAndGo() throws Exception {
        // given  one member that has it all
        Map<String, Object> cooperative =
                Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        come(cooperative);
        awaitBalance();
        produce(0, 600);
        // when   five more come while records flow
        IntStream.range(0, 5).forEach(_ -> come(cooperative));
        produce(600, 600);
        awaitBalance();
        // and    two leave
        leave(members.getFirst());
        leave(members.getLast());
        produce(1200, 600);
        awaitBalance();
        // then   every record was read
        awaitRead(1800);
    }

    @Test
    void shouldGoOnWithoutAMemberThatVanished() throws Exception {
        // given  three members, one of which has a fixed identity and so does not say good-bye
        Map<String, Object> eager = Map.of("partition.assignment.strategy", RangeAssignor.class.getName());
        come(eager);
        come(eager);
        Map<String, Object> fixed = new HashMap<>(eager);
        fixed.put("group.instance.id", "fixed");
        Member vanishing = come(fixed);
        awaitBalance();
        Set<TopicPartition> lost = vanishing.owned;
        produce(0, 600);
        awaitRead(600);
        // when   it stops and comes back at once
        leave(vanishing);
        Member back = come(fixed);
        // then   it has what it had, and nobody was disturbed
        await().atMost(PATIENCE).until(() -> back.owned.equals(lost));
        awaitBalance();
        try (Admin admin = ottla.admin()) {
            assertThat(admin.describeClassicGroups(List.of("members"))
                            .all()
                            .get()
                            .get("members")
                            .members())
                    .hasSize(3);
        }
        // when   it stops and stays away
        leave(back);
        produce(600, 600);
        // then   the others take over when its session is over
        awaitBalance();
        awaitRead(1200);
    }
}
