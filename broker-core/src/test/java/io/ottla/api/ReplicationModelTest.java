package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.FetcherProperties;
import io.ottla.config.ReplicationProperties;
import io.ottla.config.ThrottleProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.record.RecordBatch;
import io.ottla.record.RecordBatchBuilder;
import io.ottla.replication.AckWaiter;
import io.ottla.replication.Partition;
import io.ottla.replication.Role;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingTopics;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Replication as a whole against what it promises, over random histories: processes die and come back, brokers are believed
 * dead, leaders change, connections break, images and answers come late or never. {@code -Dseed=} runs one history,
 * {@code -Dhistories=} more of them.
 */
class ReplicationModelTest {
    private static final int PARTITIONS = 3;
    private static final int STEPS = 400;
    private static final ReplicationProperties PROPERTIES = new ReplicationProperties(
            2_000,
            1 << 20,
            1000,
            false,
            new FetcherProperties(2, 1, 200, 400, 2_000, 300, 5_000),
            ThrottleProperties.DEFAULTS);

    /** One history. */
    private static final class History {
        private record Written(long offset, long checksum) {}

        private final TestingNodes nodes;
        private final List<TopicPartition> names = new ArrayList<>();
        private final Map<TopicPartition, List<Written>> acknowledged = new HashMap<>();
        private final Map<TopicPartition, Map<Long, Long>> committed = new HashMap<>();
        private final Map<List<Object>, BrokerId> leaders = new HashMap<>();
        private final Map<List<Object>, Long> highWatermarks = new HashMap<>();
        private int written;
        private final boolean whole;

        History(long seed, int minInSync) {
            nodes = new TestingNodes(seed, 3, PROPERTIES, TestingTopics.minInSync(minInSync));
            nodes.nodes.values().forEach(TestingNodes.Node::start);
            PartitionImage[] states = new PartitionImage[PARTITIONS];
            for (int i = 0; i < PARTITIONS; i++) {
                states[i] = TestingImages.state(1 + i % 3, 0, 0, new int[] {1, 2, 3}, new int[] {1, 2, 3});
                names.add(new TopicPartition("t", i));
            }
            whole = nodes.random.nextBoolean();
            nodes.controller.create(TestingImages.topic("t", whole ? new TopicId(7, 7) : TopicId.ZERO, states));
            names.forEach(name -> {
                acknowledged.put(name, new ArrayList<>());
                committed.put(name, new HashMap<>());
            });
        }

        void play(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
                nodes.run(nodes.random.nextInt(nodes.random.nextInt(10) == 0 ? 3_000 : 50));
                check();
            }
        }

        private void step() {
            BrokerId broker = new BrokerId(1 + nodes.random.nextInt(3));
            TestingNodes.Node node = nodes.nodes.get(broker);
            TopicPartition name = names.get(nodes.random.nextInt(PARTITIONS));
            switch (nodes.random.nextInt(50)) {
                case 0 -> {
                    if (node.life == null) {
                        node.start();
                    } else {
                        node.kill();
                    }
                }
                case 1 -> {
                    if (node.life == null) {
                        node.start();
                    }
                }
                case 2 -> nodes.controller.lead(name, broker);
                case 3 -> {
                    if (nodes.controller.isLive(broker)) {
                        nodes.controller.fence(broker);
                    }
                }
                case 4 -> {
                    if (node.life != null) {
                        nodes.controller.unfence(broker);
                    }
                }
                case 5 -> nodes.cuts.add(List.of(broker, new BrokerId(1 + nodes.random.nextInt(3))));
                case 6, 7 -> nodes.cuts.clear();
                default -> produce(node, name);
            }
        }

        private void produce(TestingNodes.Node node, TopicPartition name) {
            Partition partition = node.life == null ? null : node.life.partition(name);
            if (partition == null || !(partition.role() instanceof Role.Leading leading)) {
                return;
            }
            int records = 1 + nodes.random.nextInt(3);
            RecordBatchBuilder builder = new RecordBatchBuilder();
            for (int i = 0; i < records; i++) {
                builder.append(1000, null, ByteBuffer.wrap(("value " + written++).getBytes(StandardCharsets.UTF_8)));
            }
            ByteBuffer batch = builder.build();
            long checksum = new RecordBatch().wrap(batch, batch.position()).crc();
            AppendResult result =
                    partition.append(leading, new TestingBatches(batch, records, 1000), AppendOrigin.CLIENT, true);
            if (result instanceof AppendResult.Appended appended) {
                partition.await(
                        new AckWaiter() {
                            @Override
                            protected void ended(Errors how) {
                                if (how == Errors.NONE) {
                                    acknowledged.get(name).add(new Written(appended.firstOffset(), checksum));
                                }
                            }
                        },
                        leading,
                        appended.lastOffset() + 1);
            }
        }

        private void check() {
            for (TopicPartition name : names) {
                nodes.nodes.values().forEach(node -> {
                    if (node.life != null && node.life.partition(name) != null) {
                        check(node, name, node.life.partition(name));
                    }
                });
            }
        }

        private void check(TestingNodes.Node node, TopicPartition name, Partition partition) {
            TestingLog log = (TestingLog) partition.log();
            if (log == null) {
                return;
            }
            if (partition.role() instanceof Role.Leading leading) {
                BrokerId other = leaders.putIfAbsent(List.of(name, leading.epoch()), node.id);
                assertThat(other == null ? node.id : other)
                        .as("the leader of %s in epoch %s", name, leading.epoch())
                        .isEqualTo(node.id);
                if (leading.epoch().equals(nodes.controller.epoch(name))) {
                    for (Written record : acknowledged.get(name)) {
                        assertThat(checksumAt(log, record.offset))
                                .as("acknowledged offset %s of %s at its leader %s", record.offset, name, node.id)
                                .isEqualTo(record.checksum);
                    }
                }
            }
            long highWatermark = partition.highWatermark();
            Long before = highWatermarks.put(List.of(node.life, name), highWatermark);
            assertThat(highWatermark)
                    .as("the high watermark of %s at %s", name, node.id)
                    .isGreaterThanOrEqualTo(before == null ? 0 : before)
                    .isLessThanOrEqualTo(log.logEndOffset());
            Map<Long, Long> known = committed.get(name);
            for (long offset = before == null ? 0 : before; offset < highWatermark; offset++) {
                long checksum = checksumAt(log, offset);
                Long agreed = known.putIfAbsent(offset, checksum);
                assertThat(agreed == null ? checksum : agreed)
                        .as("committed offset %s of %s at %s", offset, name, node.id)
                        .isEqualTo(checksum);
            }
        }

        private static long checksumAt(TestingLog log, long offset) {
            ByteBuffer batch = log.batchAt(offset);
            return batch == null ? -1 : new RecordBatch().wrap(batch, 0).crc();
        }

        private String shown(TopicPartition name) {
            StringBuilder text = new StringBuilder(nodes.controller.state(name).toString());
            nodes.nodes.values().forEach(node -> {
                Partition partition = node.life.partition(name);
                text.append("\n").append(node.id).append(" is ").append(partition.role());
                if (partition.role() instanceof Role.Leading leading) {
                    text.append(leading.epoch()).append(' ').append(leading.inSync());
                }
                text.append(", with ")
                        .append(partition.log().logEndOffset())
                        .append(" records, ")
                        .append(partition.highWatermark())
                        .append(" committed");
            });
            return text.toString();
        }

        /** All are well again: everything that was acknowledged is everywhere, and all are in sync. */
        void heal() {
            nodes.cuts.clear();
            nodes.nodes.values().forEach(node -> {
                if (node.life == null) {
                    node.start();
                }
                nodes.controller.unfence(node.id);
            });
            nodes.run(20_000);
            check();
            for (TopicPartition name : names) {
                assertThat(nodes.controller.state(name).inSync())
                        .as("in sync of %s, where %s", name, shown(name))
                        .hasSize(3);
                TestingLog first = nodes.node(1).disk.get(name);
                for (TestingNodes.Node node : nodes.nodes.values()) {
                    TestingLog log = node.disk.get(name);
                    assertThat(log.logEndOffset())
                            .as("end of %s at %s", name, node.id)
                            .isEqualTo(first.logEndOffset());
                    for (long offset = 0; offset < log.logEndOffset(); offset++) {
                        assertThat(checksumAt(log, offset)).isEqualTo(checksumAt(first, offset));
                    }
                    assertThat(log.heldSlices).hasValue(0);
                }
                PartitionImage state = nodes.controller.state(name);
                Partition leader = nodes.nodes.get(state.leader()).life.partition(name);
                assertThat(leader.highWatermark()).as("committed of %s", name).isEqualTo(first.logEndOffset());
                for (Written record : acknowledged.get(name)) {
                    assertThat(checksumAt(first, record.offset)).isEqualTo(record.checksum);
                }
            }
        }
    }

    @Test
    void shouldLoseNothingThatWasAcknowledgedAndComeToAgreeAgain() {
        long first = Long.getLong("seed", 1);
        int histories = Integer.getInteger("histories", Long.getLong("seed") == null ? 150 : 1);
        long steps = 0;
        long acknowledged = 0;
        long decided = 0;
        for (long seed = first; seed < first + histories; seed++) {
            History history = new History(seed, 2);
            try {
                history.play(STEPS);
                history.heal();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("Seed " + seed + ": " + failure.getMessage(), failure);
            }
            steps += history.nodes.stepCount;
            decided += history.nodes.controller.decided;
            acknowledged +=
                    history.acknowledged.values().stream().mapToLong(List::size).sum();
        }
        System.out.printf(
                "%d histories, %d steps, %d appends acknowledged, %d in-sync sets decided%n",
                histories, steps, acknowledged, decided);
        assertThat(acknowledged).isGreaterThan(histories);
    }
}
