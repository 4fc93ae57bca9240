package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/** Real consumers of the group {@value #GROUP}, which come and go, and the topic {@value #TOPIC} that they share. */
final class TestingMembers {
    static final String GROUP = "members";
    static final String TOPIC = "flow";
    static final int PARTITIONS = 12;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<TestingBroker> ottla;
    private final Map<String, Object> usual;
    private final List<Member> members = new ArrayList<>();
    /** The records that were read. */
    private final Set<String> read = ConcurrentHashMap.newKeySet();

    /**
     * @param ottla the broker that runs now
     * @param usual settings of every member
     */
    TestingMembers(Supplier<TestingBroker> ottla, Map<String, Object> usual) {
        this.ottla = ottla;
        this.usual = usual;
    }

    /** A consumer on a thread of its own that reads and commits until it is ended. */
    final class Member implements Runnable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Consumer<KafkaConsumer<?, ?>> subscribing;
        private final Thread thread = new Thread(this);
        private volatile Set<TopicPartition> owned = Set.of();
        private volatile boolean leaving;

        private Member(Map<String, Object> more, Consumer<KafkaConsumer<?, ?>> subscribing) {
            Map<String, Object> settings = new HashMap<>(
                    Map.of("group.id", GROUP, "enable.auto.commit", "false", "metadata.max.age.ms", "1000"));
            settings.putAll(usual);
            settings.putAll(more);
            this.subscribing = subscribing;
            consumer = ottla.get().consumer(settings);
            thread.start();
        }

        /** What it reads now. */
        Set<TopicPartition> owned() {
            return owned;
        }

        @Override
        public void run() {
            try (consumer) {
                subscribing.accept(consumer);
                while (!leaving) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        read.add(record.topic() + "-" + record.partition() + "-" + record.offset());
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

        private void end() throws InterruptedException {
            leaving = true;
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    /** Makes the topic. */
    void createTopic() throws Exception {
        try (Admin admin = ottla.get().admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    Member come(Map<String, Object> more) {
        return come(more, consumer -> consumer.subscribe(List.of(TOPIC)));
    }

    Member come(Map<String, Object> more, Consumer<KafkaConsumer<?, ?>> subscribing) {
        Member member = new Member(more, subscribing);
        members.add(member);
        return member;
    }

    void leave(Member member) throws InterruptedException {
        members.remove(member);
        member.end();
    }

    void leaveFirst() throws InterruptedException {
        leave(members.getFirst());
    }

    void leaveLast() throws InterruptedException {
        leave(members.getLast());
    }

    /** All that are left. */
    void end() throws InterruptedException {
        for (Member member : members) {
            member.end();
        }
    }

    /** 1,800 records flow while five more members come and then two leave, which ends in balance. One is there already. */
    void comeAndGo(Map<String, Object> settings) throws Exception {
        produce(0, 600);
        IntStream.range(0, 5).forEach(_ -> come(settings));
        produce(600, 600);
        awaitBalance();
        leaveFirst();
        leaveLast();
        produce(1200, 600);
        awaitBalance();
    }

    void awaitBalance() {
        awaitBalance(PARTITIONS);
    }

    /** Each partition has one owner, and no member has much more than another. */
    void awaitBalance(int partitions) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<TopicPartition> all = new ArrayList<>();
            members.forEach(member -> all.addAll(member.owned));
            assertThat(all).hasSize(partitions).doesNotHaveDuplicates();
            assertThat(members)
                    .allSatisfy(member -> assertThat(member.owned.size())
                            .isBetween(partitions / members.size(), Math.ceilDiv(partitions, members.size())));
        });
    }

    /** Writes so many records, one to each partition in turn. */
    void produce(int from, int count) throws Exception {
        produce(TOPIC, PARTITIONS, from, count);
    }

    void produce(String topic, int partitions, int from, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.get().producer(Map.of())) {
            for (int i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, null, new byte[10]));
            }
            producer.flush();
        }
    }

    /** So many different records were read, however often. */
    void awaitRead(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read).hasSize(count));
    }
}
