package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters that the console manages, in the order in which they were named: the one of the broker beside it, those of
 * its configuration, and those that somebody added. A connection is made when somebody first looks, and closed when its
 * cluster is taken away, switched off, or reached in another way.
 *
 * <p>Thread-safe.
 */
public final class Clusters implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Clusters.class);

    private final Function<ClusterDefinition, Cluster> connect;
    private final AtOnce atOnce = new AtOnce();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ManagedCluster> byKey = new LinkedHashMap<>();
    private volatile List<ManagedCluster> all = List.of();

    /**
     * @param fixed those that only the configuration changes
     * @param connect makes what speaks to a cluster, without speaking yet
     */
    public Clusters(Collection<ClusterDefinition> fixed, Function<ClusterDefinition, Cluster> connect) {
        this.connect = connect;
        fixed.forEach(
                definition -> byKey.put(definition.key(), new ManagedCluster(definition, connect.apply(definition))));
        all = List.copyOf(byKey.values());
    }

    /** All of them, those that are switched off too. */
    public List<ManagedCluster> all() {
        return all;
    }

    public List<ManagedCluster> enabled() {
        return all.stream().filter(each -> each.definition().enabled()).toList();
    }

    /** The one of the broker in this process, if there is one. */
    public Optional<ManagedCluster> beside() {
        return all.stream().filter(Clusters::isBeside).findFirst();
    }

    /**
     * The cluster with this key.
     *
     * @throws ClusterFailure when there is none, or it is switched off
     */
    public ManagedCluster get(String key) {
        return enabled().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() ->
                        new ClusterFailure(ClusterFailure.Kind.NO_SUCH_CLUSTER, Wording.of("failure.no-cluster", key)));
    }

    /**
     * The cluster that gives itself this id. One that does not answer, and did not before, is not waited for.
     *
     * @throws ClusterFailure when there is none, or it can't be told
     */
    public ManagedCluster withId(String id) {
        List<ManagedCluster> unknown = new ArrayList<>();
        for (ManagedCluster each : enabled()) {
            Optional<String> known = each.knownId();
            if (known.isEmpty()) {
                unknown.add(each);
            } else if (known.get().equals(id)) {
                return each;
            }
        }
        List<Optional<String>> told = atOnce.ask(unknown, Clusters::tellId, Clusters::isBeside);
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i).filter(id::equals).isPresent()) {
                return unknown.get(i);
            }
        }
        throw told.stream()
                        .allMatch(each -> each.filter(known -> !known.isEmpty()).isPresent())
                ? new ClusterFailure(ClusterFailure.Kind.NO_SUCH_CLUSTER, Wording.of("failure.no-cluster", id))
                : new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.of("failure.no-cluster-told", id));
    }

    /** Empty where it does not say. */
    private static String tellId(ManagedCluster cluster) {
        try {
            return cluster.id();
        } catch (ClusterFailure unreachable) {
            log.debug("{} does not tell its id", cluster.key(), unreachable);
            return "";
        }
    }

    /** Whether it is the one of the broker in this process. */
    public static boolean isBeside(ManagedCluster cluster) {
        return cluster.definition().origin() == Origin.BESIDE;
    }

    /** For who asks several of them. */
    public AtOnce atOnce() {
        return atOnce;
    }

    /** Has exactly these of those that were added: closes what is not among them any more, keeps what is as it was. */
    public void replaceAdded(Collection<ClusterDefinition> added) {
        List<ManagedCluster> gone = new ArrayList<>();
        lock.lock();
        try {
            Map<String, ClusterDefinition> wanted = new LinkedHashMap<>();
            added.forEach(definition -> wanted.put(definition.key(), definition));
            byKey.values().removeIf(each -> {
                boolean leaves = each.definition().origin() == Origin.ADDED
                        && !each.definition().equals(wanted.get(each.key()));
                if (leaves) {
                    gone.add(each);
                }
                return leaves;
            });
            wanted.forEach((key, definition) ->
                    byKey.computeIfAbsent(key, absent -> new ManagedCluster(definition, connect.apply(definition))));
            all = List.copyOf(byKey.values());
        } finally {
            lock.unlock();
        }
        gone.forEach(each -> close(each.cluster()));
    }

    /** What speaks to a cluster, whether or not it is among these: for a trial. Who asks closes it. */
    public Cluster connect(ClusterDefinition definition) {
        return connect.apply(definition);
    }

    /** Closes its connection, where it has one. */
    public static void close(Cluster cluster) {
        if (cluster instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception failure) {
                log.warn("The connection to a cluster did not close well", failure);
            }
        }
    }

    @Override
    public void close() {
        atOnce.close();
        all.forEach(each -> close(each.cluster()));
    }
}
