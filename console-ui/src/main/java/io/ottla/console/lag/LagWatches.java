package io.ottla.console.lag;

import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The histories of all clusters. Thread-safe. */
public final class LagWatches implements AutoCloseable {
    private final Clusters clusters;
    private final LagSettings settings;
    private final Sampling.MemberCount members;
    private final LagLoad load;
    private final InstantSource clock;
    private final Map<ManagedCluster, LagWatch> watches = new ConcurrentHashMap<>();

    public LagWatches(
            Clusters clusters, LagSettings settings, Sampling.MemberCount members, LagLoad load, InstantSource clock) {
        this.clusters = clusters;
        this.settings = settings;
        this.members = members;
        this.load = load;
        this.clock = clock;
    }

    public LagWatch of(ManagedCluster cluster) {
        watches.keySet().removeIf(known -> {
            boolean gone = !clusters.all().contains(known);
            if (gone) {
                watches.get(known).close();
            }
            return gone;
        });
        return watches.computeIfAbsent(cluster, this::watch);
    }

    private LagWatch watch(ManagedCluster managed) {
        if (settings.off()) {
            return LagWatch.off(settings.retain());
        }
        boolean kept = managed.definition().origin() == Origin.BESIDE;
        return new LookedAt(
                kept
                        ? new KeptSamples(managed.cluster(), settings.refresh())
                        : new PassingSamples(
                                () -> new Sampling(managed.cluster(), clock, members, load), settings.refresh()),
                clock,
                settings.retain());
    }

    @Override
    public void close() {
        watches.values().forEach(LagWatch::close);
    }
}
