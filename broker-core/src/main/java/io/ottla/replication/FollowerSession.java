package io.ottla.replication;

import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;

/**
 * A follower's side of a fetch session (KIP-227): the leader is told everything once, and then what has changed. Ends with the
 * first answer that says so, or fails to come; another one begins then. Guarded by its fetcher.
 */
final class FollowerSession {
    /** @param name null where topics are told apart by id */
    private record Key(TopicId id, String name, int number) {}

    private final boolean byId;
    private final Map<Key, FollowedPartition> members = new HashMap<>();
    private final Set<FollowedPartition> changed = new LinkedHashSet<>();
    private final Set<Key> forgotten = new LinkedHashSet<>();
    private final int replaces;
    private int id = FetchSession.NONE;
    private int epoch = FetchSession.INITIAL_EPOCH;
    private boolean answered;

    /**
     * @param byId whether topics are named by id: all that are fetched have one
     * @param before the session that it takes the place of; null where there was none
     */
    FollowerSession(boolean byId, FollowerSession before) {
        this.byId = byId;
        this.replaces = before == null ? FetchSession.NONE : before.isKept() ? before.id : before.replaces;
    }

    boolean isByTopicId() {
        return byId;
    }

    /** Whether the leader keeps it: before that, and where it has no room, each request is whole. */
    boolean isKept() {
        return id != FetchSession.NONE;
    }

    /** Whether the first answer is there. */
    boolean isAnswered() {
        return answered;
    }

    /** Has the leader told of it by the next request, or told that it is not fetched for now. */
    void change(FollowedPartition followed) {
        changed.add(followed);
    }

    /** It is followed no longer. */
    void forget(FollowedPartition followed) {
        changed.remove(followed);
        remove(followed);
    }

    /** Null where the session has no such member. */
    FollowedPartition find(Uuid topicId, String topic, int number) {
        return members.get(byId ? new Key(TopicId.of(topicId), null, number) : new Key(null, topic, number));
    }

    private Key key(FollowedPartition followed) {
        Partition partition = followed.partition;
        return byId
                ? new Key(partition.topicId(), null, partition.name().partition())
                : new Key(null, partition.name().topic(), partition.name().partition());
    }

    /** Takes what the first answer says: the session's id, or none. */
    void answered(int sessionId) {
        answered = true;
        if (!isKept() && sessionId != FetchSession.NONE) {
            id = sessionId;
            epoch = 1;
        }
    }

    /**
     * Fills a request.
     *
     * @param all that are followed
     * @param maxBytes of one partition
     * @param number of the request
     * @return whether there is anything to fetch
     */
    boolean fill(FetchRequestData request, Iterable<FollowedPartition> all, int maxBytes, long number) {
        Map<Object, FetchTopic> topics = new LinkedHashMap<>();
        for (FollowedPartition followed : isKept() ? changed : all) {
            FollowerPosition position =
                    followed.isReady() ? followed.partition.following().position(followed.role) : null;
            if (position == null) {
                remove(followed);
                continue;
            }
            add(topics, followed, position, maxBytes);
            tell(followed, position, number);
        }
        changed.clear();
        request.setTopics(new ArrayList<>(topics.values()));
        if (isKept()) {
            request.setSessionId(id).setSessionEpoch(epoch).setForgottenTopicsData(forgottenTopics());
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        } else {
            request.setSessionId(answered ? FetchSession.NONE : replaces).setSessionEpoch(FetchSession.INITIAL_EPOCH);
            forgotten.clear();
        }
        return !members.isEmpty();
    }

    private void remove(FollowedPartition followed) {
        if (followed.inSession) {
            followed.inSession = false;
            Key key = key(followed);
            members.remove(key);
            forgotten.add(key);
        }
    }

    private void add(Map<Object, FetchTopic> topics, FollowedPartition followed, FollowerPosition from, int maxBytes) {
        Partition partition = followed.partition;
        FetchTopic topic = topics.computeIfAbsent(
                byId ? partition.topicId() : partition.name().topic(),
                _ -> byId
                        ? new FetchTopic().setTopicId(partition.topicId().uuid())
                        : new FetchTopic().setTopic(partition.name().topic()));
        topic.partitions()
                .add(new FetchPartition()
                        .setPartition(partition.name().partition())
                        .setCurrentLeaderEpoch(followed.role.epoch().value())
                        .setFetchOffset(from.endOffset())
                        .setLastFetchedEpoch(from.lastEpoch())
                        .setLogStartOffset(from.startOffset())
                        .setPartitionMaxBytes(maxBytes)
                        .setHighWatermark(partition.highWatermark()));
    }

    private void tell(FollowedPartition followed, FollowerPosition position, long number) {
        if (!followed.inSession) {
            followed.inSession = true;
            Key key = key(followed);
            members.put(key, followed);
            forgotten.remove(key);
        }
        followed.toldIn = number;
        followed.toldRole = followed.role;
        followed.told = position;
    }

    private List<ForgottenTopic> forgottenTopics() {
        Map<Object, ForgottenTopic> topics = new LinkedHashMap<>();
        for (Key key : forgotten) {
            topics.computeIfAbsent(
                            byId ? key.id : key.name,
                            _ -> byId
                                    ? new ForgottenTopic().setTopicId(key.id.uuid())
                                    : new ForgottenTopic().setTopic(key.name))
                    .partitions()
                    .add(key.number);
        }
        forgotten.clear();
        return new ArrayList<>(topics.values());
    }

    /** Nobody is told anything any more. */
    void end() {
        for (FollowedPartition followed : members.values()) {
            followed.inSession = false;
        }
        members.clear();
    }
}
