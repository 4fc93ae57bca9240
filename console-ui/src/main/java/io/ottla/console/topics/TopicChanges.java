package io.ottla.console.topics;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What is done to topics, for pages and the API alike. */
public final class TopicChanges {
    /** Deletes all that is there. */
    public static final long ALL_RECORDS = -1;

    private static final int UNTOLD = -1;

    private TopicChanges() {}

    /** Creates a topic, or only says whether it could be. */
    public static CreatedTopic create(Visit visit, NewTopicDraft draft) {
        NewTopic topic = draft.assignments().isEmpty()
                ? new NewTopic(draft.name(), boxed(draft.partitions()), replication(draft.replicationFactor()))
                : new NewTopic(draft.name(), draft.assignments());
        Change change = Change.of(Action.CREATE_TOPIC, draft.name())
                .with("partitions", topic.numPartitions())
                .with("replicas", topic.replicationFactor())
                .with("settings", draft.settings());
        return visit.change(draft.validateOnly() ? change.with("validate-only", true) : change, admin -> {
            CreateTopicsResult result = admin.createTopics(
                    List.of(topic.configs(draft.settings())),
                    new CreateTopicsOptions().validateOnly(draft.validateOnly()));
            visit.cluster().await(result.values().get(draft.name()), Wording.of("doing.create-topic"));
            return new CreatedTopic(
                    draft.name(),
                    told(result.numPartitions(draft.name())),
                    told(result.replicationFactor(draft.name())));
        });
    }

    public static void delete(Visit visit, String topic) {
        visit.change(
                Change.of(Action.DELETE_TOPIC, topic),
                admin -> visit.cluster()
                        .await(
                                admin.deleteTopics(List.of(topic))
                                        .topicNameValues()
                                        .get(topic),
                                Wording.of("doing.delete-topic")));
    }

    /** @param total how many it is to have */
    public static void addPartitions(Visit visit, String topic, int total) {
        visit.change(Change.of(Action.ADD_PARTITIONS, topic).with("partitions", total), admin -> {
            int now = visit.topic(topic).partitions().size();
            if (total <= now) {
                throw new ClusterFailure(
                        ClusterFailure.Reason.REFUSED, Wording.of("topics.partitions.too-few", now, total));
            }
            return visit.cluster()
                    .await(
                            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                                    .values()
                                    .get(topic),
                            Wording.of("doing.add-partitions"));
        });
    }

    /**
     * Deletes records from the beginning of partitions on (KIP-107).
     *
     * @param before by partition, the first offset that stays; {@link #ALL_RECORDS} for none
     * @return by partition, the first offset that is there now
     */
    public static Map<Integer, Long> deleteRecords(Visit visit, String topic, Map<Integer, Long> before) {
        Map<TopicPartition, RecordsToDelete> asked = new HashMap<>();
        before.forEach((partition, offset) ->
                asked.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)));
        return visit.change(Change.of(Action.DELETE_RECORDS, topic).with("before", before), admin -> {
            Map<TopicPartition, KafkaFuture<DeletedRecords>> answers =
                    admin.deleteRecords(asked).lowWatermarks();
            Map<Integer, Long> now = new TreeMap<>();
            answers.forEach((at, answer) -> now.put(
                    at.partition(),
                    visit.cluster()
                            .await(answer, Wording.of("doing.delete-records"))
                            .lowWatermark()));
            return now;
        });
    }

    /** What is wrong with an offset behind the end of its log; null where none is. */
    public static Wording beyond(Visit visit, Topic topic, Map<Integer, Long> before) {
        List<Partition> named = topic.partitions().stream()
                .filter(partition -> before.getOrDefault(partition.id(), 0L) > 0)
                .toList();
        Map<Integer, Extent> extents =
                named.isEmpty() ? Map.of() : visit.cluster().extents(topic, named);
        for (Partition partition : named) {
            long wanted = before.get(partition.id());
            long end = extents.getOrDefault(partition.id(), Extent.UNKNOWN).endOffset();
            if (end >= 0 && wanted > end) {
                return Wording.of(
                        "topics.records.beyond",
                        Integer.toString(partition.id()),
                        Long.toString(end),
                        Long.toString(wanted));
            }
        }
        return null;
    }

    private static Optional<Integer> boxed(OptionalInt count) {
        return count.isPresent() ? Optional.of(count.getAsInt()) : Optional.empty();
    }

    private static Optional<Short> replication(OptionalInt count) {
        if (count.isPresent() && (count.getAsInt() < Short.MIN_VALUE || count.getAsInt() > Short.MAX_VALUE)) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    Wording.of("failure.replication-factor", (int) Short.MAX_VALUE, count.getAsInt()));
        }
        return count.isPresent() ? Optional.of((short) count.getAsInt()) : Optional.empty();
    }

    private static int told(KafkaFuture<Integer> answer) {
        CompletableFuture<Integer> told = answer.toCompletionStage().toCompletableFuture();
        return told.isDone() && !told.isCompletedExceptionally() ? told.join() : UNTOLD;
    }
}
