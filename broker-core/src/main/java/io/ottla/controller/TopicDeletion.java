package io.ottla.controller;

import io.ottla.config.TopicDefaults;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Marks topics for deletion; the controller then takes them away in the order that a crash in between can't harm. */
final class TopicDeletion implements ControllerMachine<List<NamedResult>> {
    private final List<DoomedTopic> topics;
    private final TopicDefaults defaults;
    private final Set<DoomedTopic> planned = new HashSet<>();

    TopicDeletion(List<DoomedTopic> topics, TopicDefaults defaults) {
        this.topics = topics;
        this.defaults = defaults;
    }

    @Override
    public List<NamedResult> decide(Draft draft) {
        if (!defaults.deleteTopicEnable()) {
            return refused(Failure.of(
                    Errors.TOPIC_DELETION_DISABLED, "Topics can't be deleted, since delete.topic.enable is false"));
        }
        List<NamedResult> results = new ArrayList<>(topics.size());
        for (DoomedTopic topic : topics) {
            results.add(new NamedResult(topic.name(), delete(draft, topic)));
        }
        return results;
    }

    @Override
    public List<NamedResult> refused(Failure failure) {
        List<NamedResult> results = new ArrayList<>(topics.size());
        topics.forEach(topic -> results.add(new NamedResult(topic.name(), failure)));
        return results;
    }

    private Failure delete(Draft draft, DoomedTopic doomed) {
        TopicImage topic = draft.image().topic(doomed.name());
        boolean gone = topic == null || !doomed.id().isZero() && !doomed.id().equals(topic.id());
        if (gone) {
            return planned.contains(doomed)
                    ? null
                    : Failure.of(doomed.id().isZero() ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID);
        }
        Failure frozen = draft.frozenFault(topic.name());
        if (frozen != null) {
            return frozen;
        }
        planned.add(doomed);
        if (!topic.deleting()) {
            draft.decide(new MetadataChange.TopicSet(topic.doomed()));
        }
        return null;
    }
}
