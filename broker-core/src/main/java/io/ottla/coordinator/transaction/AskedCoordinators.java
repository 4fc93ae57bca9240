package io.ottla.coordinator.transaction;

import io.ottla.coordinator.Shards;
import io.ottla.metadata.ClusterImage;
import io.ottla.peer.PeerClient;
import io.ottla.peer.PeerClient.Lane;
import io.ottla.peer.PeerClient.Purpose;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Asks the coordinators of transactional ids, on this broker or another. Thread-safe. */
public final class AskedCoordinators implements TransactionMembership {
    /** Has adding by brokers (KIP-890, second part). */
    private static final short VERSION = 5;
    /** Beyond what a coordinator takes to have it committed. */
    private static final int PATIENCE_MS = 10_000;
    /** Lanes 0 to 2 are for others. */
    private static final int FIRST_LANE = 3;
    /** A transactional id keeps its lane, since answers come in order: what waits for one's end holds up few others. */
    private static final int LANES = 8;

    private final BrokerId self;
    private final TransactionCoordinator local;
    private final Supplier<ClusterImage> image;
    private final PeerClient peers;

    /** @param image as this broker last applied it */
    public AskedCoordinators(
            BrokerId self, TransactionCoordinator local, Supplier<ClusterImage> image, PeerClient peers) {
        this.self = self;
        this.local = local;
        this.image = image;
        this.peers = peers;
    }

    @Override
    public UnverifiedTransaction.Coordinator of(String transactionalId, ProducerIdAndEpoch producer, Wish wish) {
        return (partitions, answer) -> ask(transactionalId, producer, wish, partitions, answer);
    }

    private void ask(
            String transactionalId,
            ProducerIdAndEpoch producer,
            Wish wish,
            List<TopicPartition> partitions,
            Consumer<Map<TopicPartition, Failure>> answer) {
        BrokerId coordinator = Shards.keeperOf(image.get(), local.topic(), transactionalId);
        if (coordinator.isNone()) {
            answer.accept(all(partitions, Errors.COORDINATOR_NOT_AVAILABLE));
        } else if (coordinator.equals(self) && wish == Wish.ADD) {
            local.add(
                    transactionalId,
                    producer,
                    partitions,
                    AppendOrigin.Coordinator.WITH_EPOCHS,
                    error -> answer.accept(all(partitions, error)));
        } else if (coordinator.equals(self)) {
            local.verify(transactionalId, producer, partitions, found -> answer.accept(failures(found)));
        } else {
            peers.send(
                            new Lane(
                                    coordinator,
                                    Purpose.CONTROL,
                                    FIRST_LANE + Math.floorMod(transactionalId.hashCode(), LANES)),
                            request(transactionalId, producer, wish, partitions),
                            VERSION,
                            PATIENCE_MS)
                    .whenComplete((told, failure) -> answer.accept(
                            told == null
                                    ? all(partitions, Errors.NETWORK_EXCEPTION)
                                    : read(transactionalId, partitions, told)));
        }
    }

    private static AddPartitionsToTxnRequestData request(
            String transactionalId, ProducerIdAndEpoch producer, Wish wish, List<TopicPartition> partitions) {
        AddPartitionsToTxnTransaction transaction = new AddPartitionsToTxnTransaction()
                .setTransactionalId(transactionalId)
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setVerifyOnly(wish == Wish.VERIFY);
        for (TopicPartition partition : partitions) {
            AddPartitionsToTxnTopic topic = transaction.topics().find(partition.topic());
            if (topic == null) {
                topic = new AddPartitionsToTxnTopic().setName(partition.topic());
                transaction.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        request.transactions().add(transaction);
        return request;
    }

    private static Map<TopicPartition, Failure> read(
            String transactionalId, List<TopicPartition> partitions, ApiMessage told) {
        if (!(told instanceof AddPartitionsToTxnResponseData response)) {
            return all(partitions, Errors.UNKNOWN_SERVER_ERROR);
        }
        if (response.errorCode() != Errors.NONE.code()) {
            return all(partitions, Errors.forCode(response.errorCode()));
        }
        Map<TopicPartition, Errors> found = new HashMap<>();
        AddPartitionsToTxnResult result = response.resultsByTransaction().find(transactionalId);
        if (result != null) {
            result.topicResults()
                    .forEach(topic -> topic.resultsByPartition()
                            .forEach(each -> found.put(
                                    new TopicPartition(topic.name(), each.partitionIndex()),
                                    Errors.forCode(each.partitionErrorCode()))));
        }
        return failures(found);
    }

    private static Map<TopicPartition, Failure> failures(Map<TopicPartition, Errors> found) {
        Map<TopicPartition, Failure> failures = new HashMap<>();
        found.forEach((partition, error) -> failures.put(partition, failure(error)));
        return failures;
    }

    private static Map<TopicPartition, Failure> all(Collection<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Failure> all = new HashMap<>();
        partitions.forEach(partition -> all.put(partition, failure(error)));
        return all;
    }

    private static Failure failure(Errors error) {
        return error == Errors.NONE ? null : Failure.of(error);
    }
}
