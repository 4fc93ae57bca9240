package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.oracle.Wire;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that stops while clients wait. */
final class StopTest {
    private static final int HOUR_MS = 3_600_000;

    @TempDir
    Path folder;

    @Test
    void shouldAnswerAFetchThatWaits() throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                Wire wire = waiting(zooKeeper)) {
            // when  the broker has stopped
            // then  it is told that there is nothing yet, and no more comes
            FetchResponseData answer = (FetchResponseData) wire.answer(ApiKeys.FETCH, (short) 12);
            assertThat(answer).as("an answer").isNotNull();
            PartitionData partition = answer.responses().getFirst().partitions().getFirst();
            assertThat(Errors.forCode(partition.errorCode())).isEqualTo(Errors.NONE);
            assertThat(partition.records().sizeInBytes()).isZero();
            assertThat(wire.receive()).isNull();
        }
    }

    /** A client that waits for records of a broker until that stops. */
    private Wire waiting(TestingZooKeeper zooKeeper) throws Exception {
        try (TestingBroker ottla = new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of())) {
            Wire wire = new Wire(ottla.broker().listeners().getFirst().port());
            try (Admin admin = ottla.admin()) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
            }
            FetchRequestData request = new FetchRequestData()
                    .setMaxWaitMs(HOUR_MS)
                    .setMinBytes(1)
                    .setMaxBytes(1000)
                    .setTopics(List.of(new FetchTopic()
                            .setTopic("t")
                            .setPartitions(List.of(new FetchPartition().setPartitionMaxBytes(1000)))));
            wire.send(wire.frame(ApiKeys.FETCH, (short) 12, request));
            await().until(() -> ottla.levels(
                            "kafka_server_delayedoperationpurgatory_purgatorysize", "delayedOperation", "Fetch")
                    .equals(List.of(1.0)));
            return wire;
        }
    }
}
