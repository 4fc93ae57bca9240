package io.ottla.cluster;

import io.ottla.config.IdentityProperties;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares who this broker is told to be with who its folders say it was: data of one cluster or broker must not be
 * served as that of another. Pure.
 */
public final class ClusterIdentity {
    private ClusterIdentity() {}

    /**
     * What one folder's {@code meta.properties} says.
     *
     * @param clusterId null where it names none, as files of Kafka before 0.10.1 do
     * @param brokerId {@link BrokerId#NONE} where it names none
     */
    public record Folder(Path path, String clusterId, BrokerId brokerId) {}

    /**
     * Where the cluster's truth lies.
     *
     * @param name as a sentence has it
     * @param setting that leads there
     */
    public record Place(String name, String setting) {}

    /** Which id this broker has. */
    public sealed interface Identity {
        record Known(BrokerId id) implements Identity {}

        /** It has none yet: one has to be drawn. */
        record ToDraw() implements Identity {}

        /** Sentences for the operator, at least one. */
        record Refused(List<String> why) implements Identity {}
    }

    /** @param folders those that have a {@code meta.properties} */
    public static Identity brokerId(IdentityProperties properties, List<Folder> folders) {
        Folder first = null;
        List<String> problems = new ArrayList<>();
        for (Folder folder : folders) {
            if (folder.brokerId().isNone()) {
                continue;
            }
            if (properties.brokerId() >= 0 && folder.brokerId().value() != properties.brokerId()) {
                problems.add("InconsistentBrokerId: Expected " + folder.path() + " to belong to broker "
                        + properties.brokerId() + " (broker.id), but its meta.properties names broker "
                        + folder.brokerId() + "; set broker.id to " + folder.brokerId()
                        + ", or name the right folder in log.dirs");
            } else if (first != null && !folder.brokerId().equals(first.brokerId())) {
                problems.add("InconsistentBrokerId: Expected all folders of log.dirs to belong to one broker, but "
                        + first.path() + " names broker " + first.brokerId() + " and " + folder.path()
                        + " names broker " + folder.brokerId() + " in its meta.properties");
            }
            first = first == null ? folder : first;
        }
        if (!problems.isEmpty()) {
            return new Identity.Refused(List.copyOf(problems));
        }
        if (properties.brokerId() >= 0) {
            return new Identity.Known(new BrokerId(properties.brokerId()));
        }
        if (first != null) {
            return new Identity.Known(first.brokerId());
        }
        return properties.brokerIdGenerationEnable()
                ? new Identity.ToDraw()
                : new Identity.Refused(List.of("Expected broker.id to be 0 or more, but it is " + properties.brokerId()
                        + " and broker.id.generation.enable is false"));
    }

    /**
     * What speaks against serving these folders in that cluster; empty where nothing does.
     *
     * @param clusterId the cluster's, from {@code /cluster/id}; null where there is none, so that a start would found one
     * @param place where that node is, or is not
     */
    public static List<String> clusterProblems(String clusterId, List<Folder> folders, Place place) {
        if (clusterId == null) {
            return unknownClusters(folders, place);
        }
        List<String> problems = new ArrayList<>();
        for (Folder folder : folders) {
            if (folder.clusterId() != null && !folder.clusterId().equals(clusterId)) {
                problems.add("InconsistentClusterId: Expected " + folder.path() + " to belong to cluster " + clusterId
                        + ", which " + place.setting() + " leads to, but its meta.properties names cluster "
                        + folder.clusterId() + "; correct " + place.setting()
                        + ", or name the right folder in log.dirs");
            }
        }
        return List.copyOf(problems);
    }

    /**
     * Folders of a cluster beside a ZooKeeper that knows none: either that is the wrong one, or it has lost what it knew.
     * A cluster founded there would have no topic of theirs, and take all logs in them for strays.
     */
    private static List<String> unknownClusters(List<Folder> folders, Place place) {
        Map<String, List<Path>> byCluster = new TreeMap<>();
        for (Folder folder : folders) {
            if (folder.clusterId() != null) {
                byCluster
                        .computeIfAbsent(folder.clusterId(), first -> new ArrayList<>())
                        .add(folder.path());
            }
        }
        List<String> problems = new ArrayList<>();
        byCluster.forEach((clusterId, paths) -> problems.add("InconsistentClusterId: Expected " + place.name() + " ("
                + place.setting() + ") to know cluster " + clusterId + ", which meta.properties names in "
                + String.join(", ", paths.stream().map(Path::toString).toList())
                + ", but it knows no cluster; correct " + place.setting()
                + " or bring ZooKeeper's data back, or name new folders in log.dirs to begin a new cluster"));
        return List.copyOf(problems);
    }
}
