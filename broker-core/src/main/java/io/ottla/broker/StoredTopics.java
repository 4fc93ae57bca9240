package io.ottla.broker;

import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.config.TopicProperties;
import io.ottla.controller.StoredCluster;
import io.ottla.controller.StoredTopic;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.PartitionImage;
import io.ottla.storage.KnownTopics;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.Set;

/** Topics as the store has them at start: retention must not go by another configuration than theirs. */
final class StoredTopics implements KnownTopics {
    private final BrokerId self;
    private final StoredCluster stored;
    private final Set<DeletedLog> deleted;
    private final DynamicBrokerConfig settings;

    /** @param deleted while this broker was away */
    StoredTopics(BrokerId self, StoredCluster stored, Set<DeletedLog> deleted, DynamicBrokerConfig settings) {
        this.self = self;
        this.stored = stored;
        this.deleted = deleted;
        this.settings = settings;
    }

    @Override
    public TopicProperties properties(String topic) {
        ConfigImage set = stored.configs().getOrDefault(ConfigResourceName.topic(topic), ConfigImage.EMPTY);
        return settings.get().topics().properties(set.values());
    }

    @Override
    public TopicId id(String topic) {
        StoredTopic known = stored.topics().get(topic);
        return known == null ? TopicId.ZERO : known.topic().id();
    }

    @Override
    public Set<DeletedLog> deleted() {
        return deleted;
    }

    @Override
    public boolean isHeldHere(TopicPartition partition) {
        if (stored.unreadable().containsKey(partition.topic())) {
            return true; // nobody can say before its nodes are mended
        }
        StoredTopic known = stored.topics().get(partition.topic());
        PartitionImage state = known == null ? null : known.topic().partition(partition.partition());
        return state != null && state.replicas().contains(self);
    }
}
