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
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real consumers of the consumer protocol (KIP-848), and of both protocols in one group. */
@Tag("full")
final class ConsumerProtocolTest {
    private static final int PARTITIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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
    private final List<Member> members = new ArrayList<>();
    /** How often each record was read. */
    private final Map<String, AtomicInteger> read = new ConcurrentHashMap<>();

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        startBroker();
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("flow", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
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
        for (Member member : members) {
            member.end();
        }
        ottla.close();
        zooKeeper.close();
    }

    /** A consumer on a thread of its own that reads and commits until it is ended. */
    private final class Member implements Runnable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Consumer<KafkaConsumer<?, ?>> subscribing;
        private final Thread thread = new Thread(this);
        private volatile Set<TopicPartition> owned = Set.of();
        private volatile boolean leaving;

        Member(Map<String, Object> more, Consumer<KafkaConsumer<?, ?>> subscribing) {
            Map<String, Object> settings = new HashMap<>(
                    Map.of("group.id", "members", "enable.auto.commit", "false", "metadata.max.age.ms", "1000"));
            settings.putAll(more);
            this.subscribing = subscribing;
            consumer = ottla.consumer(settings);
            thread.start();
        }

        @Override
        public void run() {
            try (consumer) {
                subscribing.accept(consumer);
                while (!leaving) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        read.computeIfAbsent(
                                        record.topic() + "-" + record.partition() + "-" + record.offset(),
                                        _ -> new AtomicInteger())
                                .incrementAndGet();
                    }
                    owned = Set.copyOf(consumer.assignment());
                    commit();
                }
            } finally {
                owned = Set.of();
            }
        }

        /** While the group rebalances, or the broker is away, a commit may be refused; the records are read again then. */
        private void commit() {
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
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
        return come(more, consumer -> consumer.subscribe(List.of("flow")));
    }

    private Member come(Map<String, Object> more, Consumer<KafkaConsumer<?, ?>> subscribing) {
        Member member = new Member(more, subscribing);
        members.add(member);
        return member;
    }

    private void leave(Member member) throws InterruptedException {
        members.remove(member);
        member.end();
    }

    private void awaitBalance() {
        awaitBalance(PARTITIONS);
    }

    /** Each partition has one owner, and no member has much more than another. */
    private void awaitBalance(int partitions) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<TopicPartition> all = new ArrayList<>();
            members.forEach(member -> all.addAll(member.owned));
            assertThat(all).hasSize(partitions).doesNotHaveDuplicates();
            assertThat(members)
                    .allSatisfy(member -> assertThat(member.owned.size())
                            .isBetween(partitions / members.size(), Math.ceilDiv(partitions, members.size())));
        });
    }

    private void produce(String topic, int from, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            for (int i = from; i < from + count; i++) {
                producer.send(
                        new ProducerRecord<>(topic, topic.equals("flow") ? i % PARTITIONS : 0, null, new byte[10]));
            }
            producer.flush();
        }
    }

    private void awaitRead(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read).hasSize(count));
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
        come(CONSUMER);
        awaitBalance();
        produce("flow", 0, 600);
        // when   five more come while records flow
        IntStream.range(0, 5).forEach(_ -> come(CONSUMER));
        produce("flow", 600, 600);
        awaitBalance();
        // and    two leave
        leave(members.getFirst());
        leave(members.getLast());
        produce("flow", 1200, 600);
        awaitBalance();
        awaitRead(1800);
        // and    the broker starts again
        ottla.close();
        startBroker();
        produce("flow", 1800, 600);
        // then   nothing is lost, and nobody is out
        awaitRead(2400);
        awaitBalance();
        // and    partitions that are added are shared too
        try (Admin admin = ottla.admin()) {
            admin.createPartitions(Map.of("flow", NewPartitions.increaseTo(PARTITIONS + 4)))
                    .all()
                    .get();
        }
        awaitBalance(PARTITIONS + 4);
    }

    @Test
    void shouldGiveAStaticMemberThatComesBackWhatItHad() throws Exception {
        // given
        come(CONSUMER);
        come(CONSUMER);
        Map<String, Object> fixed = new HashMap<>(CONSUMER);
        fixed.put("group.instance.id", "fixed");
        Member vanishing = come(fixed);
        awaitBalance();
        Set<TopicPartition> lost = vanishing.owned;
        // when   it stops and comes back at once
        leave(vanishing);
        Member back = come(fixed);
        // then
        await().atMost(PATIENCE).until(() -> back.owned.equals(lost));
        awaitBalance();
        // when   it stays away
        leave(back);
        produce("flow", 0, 600);
        // then   the others take over when its session is over
        awaitBalance();
        awaitRead(600);
    }

    @Test
    void shouldReadTopicsThatAPatternMatchesAsTheyCome() throws Exception {
        // given
        Member one = come(CONSUMER, consumer -> consumer.subscribe(new SubscriptionPattern("flo.*|f[0-9]+")));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.owned).hasSize(PARTITIONS));
        // when
        try (Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("f1", 1, (short) 1), new NewTopic("other", 1, (short) 1)))
                    .all()
                    .get();
        }
        produce("f1", 0, 5);
        produce("other", 0, 5);
        // then
        awaitRead(5);
        assertThat(one.owned).hasSize(PARTITIONS + 1);
    }

    @Test
    void shouldUpgradeAGroupMemberByMemberAndBack() throws Exception {
        // given  a classic group that is read and commits
        for (int i = 0; i < 3; i++) {
            come(CLASSIC);
        }
        awaitBalance();
        produce("flow", 0, 600);
        awaitRead(600);
        assertThat(type()).isEqualToIgnoringCase("classic");
        // when   one after the other is started anew with the other protocol
        for (int i = 0; i < 3; i++) {
            leave(members.getFirst());
            come(CONSUMER);
            produce("flow", 600 + 60 * i, 60);
            awaitBalance();
        }
        // then
        assertThat(type()).isEqualToIgnoringCase("consumer");
        awaitRead(780);
        // when   and back
        for (int i = 0; i < 3; i++) {
            leave(members.getFirst());
            come(CLASSIC);
            produce("flow", 780 + 60 * i, 60);
            awaitBalance();
        }
        // then
        assertThat(type()).isEqualToIgnoringCase("classic");
        awaitRead(960);
    }
}
