package io.ottla.api;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** Says what configuration a new topic has, defaults included, in the words of the protocol (KIP-525). Thread-safe. */
@FunctionalInterface
public interface TopicConfigDescription {
    /** @param set as set on the topic */
    List<CreatableTopicConfigs> of(Map<String, String> set);
}
