package io.ottla.storage;

import io.ottla.types.Amount;
import io.ottla.types.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that lie in the folders while the cluster knows nothing of them: their topics are gone from ZooKeeper, or it has
 * their partitions elsewhere. They are opened and kept, since they may be all that is left of a topic; nobody is served
 * from them. What to do is for the operator to say, whom one line at each start tells.
 */
final class UnclaimedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(UnclaimedLogs.class);
    /** So many are named. */
    private static final int NAMED = 10;

    private UnclaimedLogs() {}

    /** Tells of those among the partitions that were found. */
    static void tell(Collection<TopicPartition> found, KnownTopics topics) {
        List<String> unclaimed = found.stream()
                .filter(partition -> !topics.isHeldHere(partition))
                .map(TopicPartition::toString)
                .sorted()
                .toList();
        if (!unclaimed.isEmpty()) {
            LOG.warn(
                    "{} in the log folders {} to no partition that ZooKeeper says this broker holds: {}. {} kept, but"
                            + " nobody can read or write there. If their topics should be there, restore their"
                            + " nodes in ZooKeeper; else move these folders elsewhere, or delete them, while the"
                            + " broker is stopped",
                    Amount.of(unclaimed.size(), "log"),
                    unclaimed.size() == 1 ? "belongs" : "belong",
                    named(unclaimed),
                    unclaimed.size() == 1 ? "It is" : "They are");
        }
    }

    private static String named(List<String> all) {
        String first = all.stream().limit(NAMED).collect(Collectors.joining(", "));
        return all.size() > NAMED ? first + " and " + (all.size() - NAMED) + " more" : first;
    }
}
