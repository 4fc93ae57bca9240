package io.ottla.api;

import io.ottla.controller.TopicNames;
import io.ottla.coordinator.Gathering;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.storage.AppendOrigin;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Adds partitions to producers' transactions. Up to version 3 a client asks for its own (KIP-98); from 4 on leaders of
 * partitions ask, who verify or add what clients write (KIP-890).
 */
final class AddPartitionsToTxnHandler
        implements ApiHandler<AddPartitionsToTxnRequestData, AddPartitionsToTxnResponseData> {
    private static final short FIRST_WITH_FENCED = 2;
    private static final short LAST_OF_CLIENTS = 3;
    /** Leaders that add are of a cluster in which each transaction has an epoch of its own. */
    private static final short FIRST_WITH_EPOCHS = 5;

    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<AddPartitionsToTxnRequestData, AddPartitionsToTxnResponseData> spec = ApiSpec.of(
            ApiKeys.ADD_PARTITIONS_TO_TXN,
            AddPartitionsToTxnHandler::refusing,
            AddPartitionsToTxnResponseData::setThrottleTimeMs);

    AddPartitionsToTxnHandler(
            TransactionCoordinator coordinator, TransactionAccess access, Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<AddPartitionsToTxnRequestData, AddPartitionsToTxnResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AddPartitionsToTxnResponseData> handle(RequestContext context, AddPartitionsToTxnRequestData request) {
        return context.apiVersion() <= LAST_OF_CLIENTS ? ofClient(context, request) : ofBroker(context, request);
    }

    // ---- a client's own ----

    private Reply<AddPartitionsToTxnResponseData> ofClient(
            RequestContext context, AddPartitionsToTxnRequestData request) {
        String id = request.v3AndBelowTransactionalId();
        if (!access.writes(context, id)) {
            return Reply.of(refusing(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        Map<TopicPartition, Errors> refused = new HashMap<>();
        List<TopicPartition> all = partitions(request.v3AndBelowTopics());
        for (TopicPartition partition : all) {
            Errors refusal = refusal(context, partition);
            if (refusal != Errors.NONE) {
                refused.put(partition, refusal);
            }
        }
        if (!refused.isEmpty()) {
            all.forEach(partition -> refused.putIfAbsent(partition, Errors.OPERATION_NOT_ATTEMPTED));
            return Reply.of(new AddPartitionsToTxnResponseData().setResultsByTopicV3AndBelow(results(refused)));
        }
        Reply<AddPartitionsToTxnResponseData> reply = Reply.later();
        coordinator.add(
                id,
                new ProducerIdAndEpoch(request.v3AndBelowProducerId(), request.v3AndBelowProducerEpoch()),
                all,
                0,
                error -> reply.complete(refusing(request, TransactionAccess.told(error, context, FIRST_WITH_FENCED))));
        return reply;
    }

    private Errors refusal(RequestContext context, TopicPartition partition) {
        String name = partition.topic();
        if (TopicNames.isInternal(name) || !access.writesTopic(context, name)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        TopicImage topic = image.get().topic(name);
        return topic == null || topic.partition(partition.partition()) == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.NONE;
    }

    // ---- on behalf of clients ----

    private Reply<AddPartitionsToTxnResponseData> ofBroker(
            RequestContext context, AddPartitionsToTxnRequestData request) {
        if (!access.actsForCluster(context)) {
            return Reply.of(refusing(request, Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        List<AddPartitionsToTxnTransaction> transactions = new ArrayList<>(request.transactions());
        if (transactions.isEmpty()) {
            return Reply.of(new AddPartitionsToTxnResponseData());
        }
        Reply<AddPartitionsToTxnResponseData> reply = Reply.later();
        Gathering<AddPartitionsToTxnResult> gathering = new Gathering<>(transactions.size(), results -> {
            AddPartitionsToTxnResponseData answer = new AddPartitionsToTxnResponseData();
            results.forEach(answer.resultsByTransaction()::add);
            reply.complete(answer);
        });
        for (int i = 0; i < transactions.size(); i++) {
            ask(context, transactions.get(i), gathering.at(i));
        }
        return reply;
    }

    private void ask(
            RequestContext context,
            AddPartitionsToTxnTransaction transaction,
            Consumer<AddPartitionsToTxnResult> answer) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(transaction.producerId(), transaction.producerEpoch());
        List<TopicPartition> partitions = partitions(transaction.topics());
        String id = transaction.transactionalId();
        if (transaction.verifyOnly()) {
            coordinator.verify(id, producer, partitions, found -> answer.accept(result(id, found)));
        } else {
            coordinator.add(
                    id,
                    producer,
                    partitions,
                    context.apiVersion() >= FIRST_WITH_EPOCHS ? AppendOrigin.Coordinator.WITH_EPOCHS : 0,
                    error -> answer.accept(result(id, all(partitions, error))));
        }
    }

    private static AddPartitionsToTxnResult result(String id, Map<TopicPartition, Errors> found) {
        return new AddPartitionsToTxnResult().setTransactionalId(id).setTopicResults(results(found));
    }

    // ---- shapes ----

    private static List<TopicPartition> partitions(AddPartitionsToTxnTopicCollection topics) {
        List<TopicPartition> all = new ArrayList<>();
        for (AddPartitionsToTxnTopic topic : topics) {
            for (int partition : topic.partitions()) {
                all.add(new TopicPartition(topic.name(), partition));
            }
        }
        return all;
    }

    private static Map<TopicPartition, Errors> all(List<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> all = new HashMap<>();
        partitions.forEach(partition -> all.put(partition, error));
        return all;
    }

    private static AddPartitionsToTxnTopicResultCollection results(Map<TopicPartition, Errors> found) {
        AddPartitionsToTxnTopicResultCollection results = new AddPartitionsToTxnTopicResultCollection();
        found.forEach((partition, error) -> {
            AddPartitionsToTxnTopicResult topic = results.find(partition.topic());
            if (topic == null) {
                topic = new AddPartitionsToTxnTopicResult().setName(partition.topic());
                results.add(topic);
            }
            topic.resultsByPartition()
                    .add(new AddPartitionsToTxnPartitionResult()
                            .setPartitionIndex(partition.partition())
                            .setPartitionErrorCode(error.code()));
        });
        return results;
    }

    /** Which fields a version has is not known here: the answer carries the error in all. */
    private static AddPartitionsToTxnResponseData refusing(AddPartitionsToTxnRequestData request, Errors error) {
        AddPartitionsToTxnResponseData answer = new AddPartitionsToTxnResponseData()
                .setErrorCode(error.code())
                .setResultsByTopicV3AndBelow(results(all(partitions(request.v3AndBelowTopics()), error)));
        for (AddPartitionsToTxnTransaction transaction : request.transactions()) {
            answer.resultsByTransaction()
                    .add(result(transaction.transactionalId(), all(partitions(transaction.topics()), error)));
        }
        return answer;
    }
}
