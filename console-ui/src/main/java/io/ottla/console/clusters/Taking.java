package io.ottla.console.clusters;

import io.ottla.console.clusters.Survey.Stage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A survey that is being taken.
 *
 * @param begun when
 * @param cluster who is in it
 * @param names of all topics
 * @param described without sizes and log folders
 * @param whole all of it
 */
record Taking(
        Instant begun,
        CompletableFuture<ClusterPicture> cluster,
        CompletableFuture<? extends Collection<String>> names,
        CompletableFuture<Survey> described,
        CompletableFuture<Survey> whole) {
    /** From this many topics on a cluster is large: a page shows what is known of it rather than wait for the rest. */
    static final int LARGE = 500;

    /** What is known by now; empty where that is too little, or the cluster is so small that the rest is worth waiting for. */
    Optional<Survey> soFar() {
        if (!isThere(cluster) || !isThere(names) || names.resultNow().size() < LARGE) {
            return Optional.empty();
        }
        return Optional.of(
                isThere(described)
                        ? described.resultNow()
                        : new Survey(
                                Stage.BROKERS, begun, cluster.resultNow(), List.of(), Map.of(), List.of(), List.of()));
    }

    /** Whether somebody of the cluster has answered at all. */
    boolean isAnswered() {
        return isThere(cluster) || names.state() == java.util.concurrent.Future.State.SUCCESS;
    }

    private static boolean isThere(CompletableFuture<?> part) {
        return part.state() == java.util.concurrent.Future.State.SUCCESS;
    }
}
