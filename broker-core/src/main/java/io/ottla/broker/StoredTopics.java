package io.ottla.broker;

import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.config.TopicProperties;
import io.ottla.controller.StoredCluster;
import io.ottla.controller.StoredTopic;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.storage.KnownTopics;
import io.ottla.types.TopicId;

/** Topics as the store has them at start: retention must not go by another configuration than theirs. */
final class StoredTopics implements KnownTopics {
    private final StoredCluster stored;
    private final DynamicBrokerConfig settings;

    StoredTopics(StoredCluster stored, DynamicBrokerConfig settings) {
        this.stored = stored;
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
}
