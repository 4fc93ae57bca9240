package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Failures;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ElectionNotNeededException;

/** Elections of leaders (KIP-460), for pages and the API alike. */
public final class Elections {
    /**
     * What became of them.
     *
     * @param elected how many have another leader
     * @param unneeded how many were led by the right one already
     * @param failed the others, and why
     */
    public record Result(int elected, int unneeded, List<Failed> failed) {}

    public record Failed(TopicPartition partition, String why) {}

    private Elections() {}

    /** Makes the first replicas leaders again, where they are in sync. */
    public static Result preferred(Visit visit, Collection<TopicPartition> partitions) {
        return elect(visit, Action.ELECT_LEADERS, ElectionType.PREFERRED, partitions);
    }

    /**
     * Makes a replica the leader that is not in sync, where no other is up: what only the lost leaders had is lost. So it wants
     * the role that may delete records.
     */
    public static Result unclean(Visit visit, TopicPartition partition) {
        visit.require(Action.DELETE_RECORDS, partition.topic());
        return elect(visit, Action.ELECT_LEADERS, ElectionType.UNCLEAN, List.of(partition));
    }

    private static Result elect(Visit visit, Action action, ElectionType type, Collection<TopicPartition> partitions) {
        Set<String> topics =
                partitions.stream().map(TopicPartition::topic).collect(Collectors.toCollection(TreeSet::new));
        Change change = Change.of(action, List.copyOf(topics))
                .with("election", type.name().toLowerCase(java.util.Locale.ROOT))
                .with("partitions", partitions.size());
        return visit.change(change, admin -> elect(visit, admin, type, Set.copyOf(partitions)));
    }

    private static Result elect(Visit visit, Admin admin, ElectionType type, Set<TopicPartition> partitions) {
        Map<TopicPartition, Optional<Throwable>> answers;
        try {
            answers =
                    visit.cluster().await(admin.electLeaders(type, partitions).partitions(), Wording.of("doing.elect"));
        } catch (ClusterFailure failure) {
            if (failure.getCause() instanceof ElectionNotNeededException) {
                return new Result(0, partitions.size(), List.of());
            }
            throw failure;
        }
        int unneeded = 0;
        List<Failed> failed = new ArrayList<>();
        for (Map.Entry<TopicPartition, Optional<Throwable>> answer : answers.entrySet()) {
            Throwable failure = answer.getValue().map(Failures::cause).orElse(null);
            if (failure instanceof ElectionNotNeededException) {
                unneeded++;
            } else if (failure != null) {
                String why = failure.getMessage();
                failed.add(new Failed(
                        answer.getKey(), why == null ? failure.getClass().getSimpleName() : why));
            }
        }
        failed.sort(java.util.Comparator.comparing(each -> each.partition().toString()));
        return new Result(answers.size() - unneeded - failed.size(), unneeded, List.copyOf(failed));
    }

    /** Partitions of these topics that another than their first replica leads. */
    public static List<TopicPartition> wanting(Visit visit, Collection<String> topics) {
        topics.forEach(topic -> visit.require(Action.ELECT_LEADERS, topic));
        return Layouts.topics(visit, topics).stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> !partition.replicas().isEmpty()
                                && partition.replicas().getFirst() != partition.leader())
                        .map(partition -> new TopicPartition(topic.name(), partition.id())))
                .toList();
    }
}
