package io.ottla.console.lag;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.context.SmartLifecycle;

/** Collects while the process runs, and ends all reading before the connections close. */
public final class LagLifecycle implements SmartLifecycle {
    /** Stops before the connections do, whose phase is 0. */
    private static final int PHASE = 1;

    private static final Duration END = Duration.ofSeconds(3);

    private final Clusters clusters;
    private final BesideBroker broker;
    private final LagSettings settings;
    private final Sampling.MemberCount members;
    private final LagLoad load;
    private final LagWatches watches;
    private final InstantSource clock;
    private final Ending ending = new Ending();
    private Thread collecting;
    private volatile boolean running;

    /** @param broker null where there is none in this process */
    public LagLifecycle(
            Clusters clusters,
            BesideBroker broker,
            LagSettings settings,
            Sampling.MemberCount members,
            LagLoad load,
            LagWatches watches,
            InstantSource clock) {
        this.clusters = clusters;
        this.broker = broker;
        this.settings = settings;
        this.members = members;
        this.load = load;
        this.watches = watches;
        this.clock = clock;
    }

    @Override
    public void start() {
        running = true;
        Optional<ManagedCluster> beside = clusters.beside();
        if (broker == null || settings.off() || beside.isEmpty()) {
            return;
        }
        Cluster cluster = beside.get().cluster();
        LagCollector collector = new LagCollector(
                broker::identity,
                () -> new Sampling(cluster, clock, members, load),
                () -> LagTopic.open(cluster, settings.retain()),
                settings.refresh(),
                clock,
                load);
        collecting = Thread.ofVirtual().name("console-lag").start(() -> collector.run(ending));
    }

    @Override
    public void stop() {
        running = false;
        ending.end();
        if (collecting != null) {
            collecting.interrupt();
            try {
                collecting.join(END);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        watches.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
