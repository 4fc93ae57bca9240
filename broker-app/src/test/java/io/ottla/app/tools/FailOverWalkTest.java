package io.ottla.app.tools;

import static io.ottla.app.tools.BothClusters.tool;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk through a fail-over that every introduction to Kafka takes, with Kafka's tools alone. */
@Tag("full")
class FailOverWalkTest {
    private static final String TOPICS = "kafka-topics.sh";

    @TempDir
    Path folder;

    @Test
    void shouldFailOverAndComeBack() throws Exception {
        try (BothClusters both = BothClusters.start(folder, BrokerMake.KAFKA_ON_KRAFT)) {
            String[] describe = {"--describe", "--topic", "walk"};
            String[] consume = {"--topic", "walk", "--from-beginning", "--max-messages", "100", "--timeout-ms", "60000"
            };

            // given  a topic on all three brokers, and records in it
            both.same(
                    TOPICS,
                    "--create",
                    "--topic",
                    "walk",
                    "--replica-assignment",
                    "2:3:1",
                    "--config",
                    "min.insync.replicas=2");
            assertThat(both.sameWhen(said -> said.contains("Isr: 1,2,3"), TOPICS, describe))
                    .contains("Partition: 0\tLeader: 2\tReplicas: 2,3,1\tIsr: 1,2,3");
            both.same(
                    records(0),
                    tool("kafka-console-producer.sh"),
                    "--topic",
                    "walk",
                    "--producer-property",
                    "acks=all");

            // when   its leader is killed
            both.both(cluster -> cluster.kill(2));

            // then   the next replica leads, and it goes on with two
            assertThat(both.sameWhen(said -> said.contains("Isr: 1,3\t"), TOPICS, describe))
                    .contains("Partition: 0\tLeader: 3\tReplicas: 2,3,1\tIsr: 1,3");
            assertThat(both.same(TOPICS, "--describe", "--under-replicated-partitions", "--topic", "walk"))
                    .contains("Partition: 0");
            both.same(
                    records(50),
                    tool("kafka-console-producer.sh"),
                    "--topic",
                    "walk",
                    "--producer-property",
                    "acks=all");

            // and    all records are there, in order
            assertThat(both.same("kafka-console-consumer.sh", consume)).contains(records(0) + records(50));

            // when   it is back
            both.both(cluster -> cluster.start(2));

            // then   the set is whole again, and the other one leads until it is asked
            assertThat(both.sameWhen(said -> said.contains("Isr: 1,2,3"), TOPICS, describe))
                    .contains("Leader: 3");
            assertThat(both.same(
                            "kafka-leader-election.sh",
                            "--election-type",
                            "preferred",
                            "--topic",
                            "walk",
                            "--partition",
                            "0"))
                    .contains("Successfully completed leader election (PREFERRED) for partitions walk-0");
            assertThat(both.sameWhen(said -> said.contains("Leader: 2"), TOPICS, describe))
                    .contains("Leader: 2\tReplicas: 2,3,1\tIsr: 1,2,3");
            assertThat(both.same("kafka-console-consumer.sh", consume)).contains(records(0) + records(50));
            assertThat(both.same(TOPICS, "--describe", "--under-replicated-partitions", "--topic", "walk"))
                    .isEqualTo("exit 0");
        }
    }

    /** Fifty, from this number on. */
    private static String records(int first) {
        return IntStream.range(first, first + 50)
                .mapToObj(i -> "record " + i + "\n")
                .collect(Collectors.joining());
    }
}
