package io.ottla.console.clusters;

import java.util.List;
import java.util.Map;

/**
 * One cluster, as a person or program that administers it sees it. Every call blocks for a bounded time and throws
 * {@link ClusterFailure} with a sentence for people when the cluster refuses or does not answer.
 *
 * <p>Thread-safe.
 */
public interface Cluster {
    /** Who is in the cluster. Always fresh. */
    ClusterPicture describe();

    /** The whole cluster at one glance. May be some seconds old where it is large, see {@link Survey#takenAt}. */
    Survey survey();

    /** All topics, internal ones too, ordered by name and without sizes. Always fresh. */
    List<TopicSummary> topics();

    /** One topic with all its partitions, in their order. */
    Topic topic(String name);

    /**
     * First and last offsets and sizes.
     *
     * @return by partition; what can't be told, since a partition has no leader or a broker does not answer, is left out
     */
    Map<Integer, Extent> extents(Topic topic, List<Partition> partitions);

    /** The configuration that holds for a topic, ordered by name. */
    List<Setting> settings(String topic);

    /** The configuration that holds for a live broker, ordered by name. */
    List<Setting> brokerSettings(int broker);

    /** Creates a topic, or only says whether it could be. */
    CreatedTopic create(NewTopicDraft draft);

    void delete(String topic);
}
