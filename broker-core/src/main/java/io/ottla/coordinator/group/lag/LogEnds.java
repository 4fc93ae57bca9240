package io.ottla.coordinator.group.lag;

import io.ottla.coordinator.group.GroupPositions;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where partitions end that groups read: up to where records are committed, which is as far as a consumer gets. Those led
 * here are looked at, others' leaders are to be asked. Not thread-safe.
 */
final class LogEnds {
    /** A leader is asked for so many at once, so that its event loop is soon free again. */
    private static final int AT_ONCE = 1_000;

    private static final long LATEST = -1;
    private static final int ANY = -1;

    /** What a leader is to be asked. */
    record Question(BrokerId leader, ListOffsetsRequestData request) {}

    private final Map<TopicPartition, EndHistory> known = new HashMap<>();

    /** Nothing is known any more. */
    void forget() {
        known.clear();
    }

    /**
     * Looks at what is led here, and forgets what nobody wants any more.
     *
     * @return what others are to be asked; nobody is asked for what has no leader
     */
    List<Question> look(Set<TopicPartition> wanted, Replicas replicas, long nowMs) {
        known.keySet().retainAll(wanted);
        ClusterImage image = replicas.image();
        Map<BrokerId, List<TopicPartition>> elsewhere = new HashMap<>();
        for (TopicPartition name : wanted) {
            Partition here = replicas.partition(name.topic(), name.partition());
            if (here != null && here.role() instanceof Role.Leading) {
                note(name, here.highWatermark(), nowMs);
                continue;
            }
            BrokerId leader = leader(image, name);
            if (!leader.equals(BrokerId.NONE) && !leader.equals(replicas.self())) {
                elsewhere.computeIfAbsent(leader, _ -> new ArrayList<>()).add(name);
            }
        }
        List<Question> questions = new ArrayList<>();
        elsewhere.forEach((leader, names) -> {
            names.sort(null);
            for (int from = 0; from < names.size(); from += AT_ONCE) {
                questions.add(new Question(
                        leader, request(names.subList(from, Math.min(names.size(), from + AT_ONCE)))));
            }
        });
        return questions;
    }

    private static BrokerId leader(ClusterImage image, TopicPartition name) {
        TopicImage topic = image.topic(name.topic());
        PartitionImage state = topic == null ? null : topic.partition(name.partition());
        return state == null ? BrokerId.NONE : state.leader();
    }

    /** @param names sorted */
    private static ListOffsetsRequestData request(List<TopicPartition> names) {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(ANY);
        ListOffsetsTopic topic = null;
        for (TopicPartition name : names) {
            if (topic == null || !topic.name().equals(name.topic())) {
                topic = new ListOffsetsTopic().setName(name.topic());
                request.topics().add(topic);
            }
            topic.partitions()
                    .add(new ListOffsetsPartition()
                            .setPartitionIndex(name.partition())
                            .setCurrentLeaderEpoch(ANY)
                            .setTimestamp(LATEST));
        }
        return request;
    }

    /** A leader has answered. */
    void answered(ListOffsetsResponseData answer, long nowMs) {
        for (ListOffsetsTopicResponse topic : answer.topics()) {
            for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                if (partition.errorCode() == Errors.NONE.code() && partition.offset() >= 0) {
                    note(new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset(), nowMs);
                }
            }
        }
    }

    private void note(TopicPartition name, long end, long nowMs) {
        known.computeIfAbsent(name, _ -> new EndHistory()).note(nowMs, end);
    }

    /** Null where it has not been seen since then. */
    EndHistory since(TopicPartition name, long sinceMs) {
        EndHistory history = known.get(name);
        return history == null || history.notedMs() < sinceMs ? null : history;
    }

    /** Partitions that groups have offsets of. */
    static Set<TopicPartition> wanted(List<GroupPositions> groups) {
        Set<TopicPartition> wanted = new TreeSet<>();
        groups.forEach(group ->
                group.offsets().forEach(each -> wanted.add(new TopicPartition(each.topic(), each.partition()))));
        return wanted;
    }
}
