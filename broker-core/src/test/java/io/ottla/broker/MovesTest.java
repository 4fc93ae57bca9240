package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions that move from broker to broker, and leaders that are asked for, with Kafka's own client. */
final class MovesTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private static void move(Admin admin, Integer... target) throws Exception {
        admin.alterPartitionReassignments(Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(target)))))
                .all()
                .get();
    }

    private static void awaitReplicas(Admin admin, Integer... replicas) {
        await().atMost(TestingCluster.LONG).untilAsserted(() -> {
            assertThat(admin.listPartitionReassignments().reassignments().get()).isEmpty();
            assertThat(TestingCluster.describe(admin, "events", 0).replicas())
                    .extracting("id")
                    .containsExactly((Object[]) replicas);
        });
    }

    @Test
    void shouldMoveAPartitionUnderLoadAndLoseNothing() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 3, Map.of());
                Admin admin = cluster.admin()) {
            // given
            cluster.create(admin, "events", Map.of(0, List.of(1)), Map.of());
            AtomicBoolean over = new AtomicBoolean();
            List<Future<?>> sent = new ArrayList<>();
            Thread load = Thread.ofPlatform().start(() -> {
                try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "all"))) {
                    while (!over.get()) {
                        byte[] value = Integer.toString(sent.size()).getBytes(StandardCharsets.UTF_8);
                        sent.add(producer.send(new ProducerRecord<>("events", 0, null, value)));
                        if (sent.size() % 100 == 0) {
                            producer.flush();
                        }
                    }
                }
            });

            // when   it goes from broker to broker, and gets more replicas
            move(admin, 2);
            awaitReplicas(admin, 2);
            assertThatThrownBy(() -> admin.alterPartitionReassignments(
                                    Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(3, 1)))),
                                    new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(false))
                            .all()
                            .get())
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class);
            move(admin, 3, 1);
            awaitReplicas(admin, 3, 1);
            move(admin, 1, 2, 3);
            awaitReplicas(admin, 1, 2, 3);
            over.set(true);
            load.join();

            // then   no send failed, and all is there in order
            for (Future<?> each : sent) {
                each.get();
            }
            try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer(Map.of())) {
                consumer.assign(List.of(PARTITION));
                int next = 0;
                while (next < sent.size()) {
                    for (var record : consumer.poll(Duration.ofSeconds(5))) {
                        assertThat(new String(record.value(), StandardCharsets.UTF_8))
                                .isEqualTo(Integer.toString(next));
                        next++;
                    }
                }
            }
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
        }
    }

    @Test
    void shouldDeleteAReplicaThatHasMovedWhileItsBrokerWasAway() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 3, Map.of());
                Admin admin = cluster.admin()) {
            // given
            cluster.create(admin, "events", Map.of(0, List.of(1, 3)), Map.of());
            cluster.stop(3);
            // when   a replica that is away stays first, and then goes
            move(admin, 2, 3);
            TestingCluster.awaitInSync(admin, "events", Set.of(2));
            assertThat(TestingCluster.describe(admin, "events", 0).replicas()).hasSize(2);
            move(admin, 1, 2);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
            cluster.start(3, Map.of());
            // then
            assertThat(cluster.folder(3).resolve("events-0")).doesNotExist();
            await().atMost(TestingCluster.LONG)
                    .until(() -> cluster.zooKeeper()
                            .children("/ottla/deleted_logs/3")
                            .isEmpty());
            await().atMost(TestingCluster.LONG)
                    .until(() -> cluster.zooKeeper()
                            .children("/ottla/deleted_logs/1")
                            .isEmpty());
            assertThat(cluster.folder(1).resolve("events-0")).exists();
        }
    }

    @Test
    void shouldShowAMoveThatRunsAndTakeItBack() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 2, Map.of("replica.fetch.max.bytes", "10000"));
                Admin admin = cluster.admin()) {
            // given  a move that takes long, since its follower may fetch next to nothing
            cluster.create(
                    admin, "events", Map.of(0, List.of(1)), Map.of("follower.replication.throttled.replicas", "*"));
            try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "all", "batch.size", 0))) {
                for (int i = 0; i < 50; i++) {
                    producer.send(new ProducerRecord<>("events", 0, null, new byte[9_000]))
                            .get();
                }
            }
            ConfigResource two = new ConfigResource(ConfigResource.Type.BROKER, "2");
            ConfigEntry rate = new ConfigEntry("follower.replication.throttled.rate", "1");
            admin.incrementalAlterConfigs(Map.of(two, List.of(new AlterConfigOp(rate, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();

            // when
            move(admin, 2);

            // then
            PartitionReassignment running =
                    admin.listPartitionReassignments().reassignments().get().get(PARTITION);
            assertThat(running.replicas()).containsExactly(2, 1);
            assertThat(running.addingReplicas()).containsExactly(2);
            assertThat(running.removingReplicas()).containsExactly(1);

            // when
            admin.alterPartitionReassignments(Map.of(PARTITION, Optional.empty()))
                    .all()
                    .get();

            // then   what was copied is gone
            awaitReplicas(admin, 1);
            await().atMost(TestingCluster.LONG)
                    .until(() -> !Files.exists(cluster.folder(2).resolve("events-0")));
            assertThatThrownBy(() -> admin.alterPartitionReassignments(Map.of(PARTITION, Optional.empty()))
                            .all()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NoReassignmentInProgressException.class);
            assertThatThrownBy(() -> move(admin, 9))
                    .hasCauseInstanceOf(InvalidReplicaAssignmentException.class)
                    .hasMessageContaining("broker 9 is not there");
        }
    }

    private TestingCluster whereOneWasAway(Map<String, String> settings) throws Exception {
        TestingCluster cluster = new TestingCluster(folder, 2, settings);
        try (Admin admin = cluster.admin()) {
            cluster.create(admin, "events", Map.of(0, List.of(1, 2)), Map.of());
            cluster.stop(1);
            await().atMost(TestingCluster.LONG)
                    .until(() ->
                            TestingCluster.describe(admin, "events", 0).leader().id() == 2);
            cluster.start(1, settings);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
        }
        return cluster;
    }

    @Test
    void shouldElectThePreferredLeaderWhenAsked() throws Exception {
        try (TestingCluster cluster = whereOneWasAway(Map.of("auto.leader.rebalance.enable", "false"));
                Admin admin = cluster.admin()) {
            // when
            admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION)).all().get();

            // then
            assertThat(TestingCluster.describe(admin, "events", 0).leader().id())
                    .isEqualTo(1);
            assertThatThrownBy(() -> admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION))
                            .all()
                            .get())
                    .hasCauseInstanceOf(ElectionNotNeededException.class);
        }
    }

    @Test
    void shouldElectThePreferredLeaderByItself() throws Exception {
        try (TestingCluster cluster = whereOneWasAway(Map.of("leader.imbalance.check.interval.seconds", "1"));
                Admin admin = cluster.admin()) {
            await().atMost(TestingCluster.LONG)
                    .until(() ->
                            TestingCluster.describe(admin, "events", 0).leader().id() == 1);
        }
    }
}
