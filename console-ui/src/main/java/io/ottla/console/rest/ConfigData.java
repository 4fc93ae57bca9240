package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.Setting;
import io.ottla.console.rest.Links.Metadata;
import java.util.List;

/**
 * A setting. Of {@code topic_name}, {@code broker_id} and {@code config_type} it has the one that says whose it is.
 *
 * @param value null of a sensitive one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConfigData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("topic_name") String topicName,
        @JsonProperty("broker_id") Integer brokerId,
        @JsonProperty("config_type") String configType,
        String name,
        @JsonInclude(JsonInclude.Include.ALWAYS) String value,
        @JsonProperty("is_default") boolean isDefault,
        @JsonProperty("is_read_only") boolean readOnly,
        @JsonProperty("is_sensitive") boolean sensitive,
        String source,
        List<Synonym> synonyms) {
    /** A place that says something of it. */
    record Synonym(
            String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) String value,
            String source) {}

    static ConfigData of(ConfigOwner owner, Setting setting, Links links) {
        return new ConfigData(
                owner.kind(),
                links.metadata(owner.below() + "/" + setting.name()),
                links.cluster(),
                owner.topic(),
                owner.broker(),
                owner.topic() == null && owner.broker() == null ? "BROKER" : null,
                setting.name(),
                setting.sensitive() ? null : setting.value(),
                !setting.changed(),
                setting.readOnly(),
                setting.sensitive(),
                setting.source().name(),
                setting.synonyms().stream()
                        .map(each -> new Synonym(
                                each.name(),
                                setting.sensitive() ? null : each.value(),
                                each.source().name()))
                        .toList());
    }
}
