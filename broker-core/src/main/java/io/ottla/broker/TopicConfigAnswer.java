package io.ottla.broker;

import io.ottla.config.ConfigEntry;
import io.ottla.config.EffectiveConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;

/** A new topic's configuration, as CreateTopics tells it (KIP-525). */
final class TopicConfigAnswer {
    private TopicConfigAnswer() {}

    static List<CreatableTopicConfigs> of(EffectiveConfig effective, Map<String, String> set) {
        List<CreatableTopicConfigs> answer = new ArrayList<>();
        for (ConfigEntry entry : effective.ofTopic(set)) {
            answer.add(new CreatableTopicConfigs()
                    .setName(entry.name())
                    .setValue(entry.value())
                    .setReadOnly(entry.readOnly())
                    .setConfigSource(entry.source().wire())
                    .setIsSensitive(entry.sensitive()));
        }
        return answer;
    }
}
