package io.ottla.replication;

import io.ottla.peer.LostReplicas;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts what it is told; answers as a test wants. */
final class TestingSurroundings implements Partition.Surroundings {
    int shrunk;
    int expanded;
    int lost;
    int takenBack;
    int proposed;
    int roles;
    boolean strict;
    boolean isInTouch = true;
    /** Whether a leader's copy is found to be whole at once. */
    boolean isCopyWhole = true;

    long nowNs;
    final List<LeadersCopy> copies = new ArrayList<>();
    final List<LeadersCopy.Asker> askers = new ArrayList<>();
    ReplicationThrottle sending;
    final Map<BrokerId, BrokerEpoch> live = new HashMap<>();

    @Override
    public void inSyncShrunk() {
        shrunk++;
    }

    @Override
    public void inSyncExpanded() {
        expanded++;
    }

    @Override
    public void lost(Partition partition, LeaderEpoch epoch, LostReplicas.Loss loss) {
        if (loss == LostReplicas.Loss.NONE) {
            takenBack++;
            return;
        }
        lost++;
    }

    @Override
    public void roleChanged(Partition partition) {
        roles++;
    }

    @Override
    public void proposes(Partition partition) {
        proposed++;
    }

    @Override
    public BrokerEpoch epochOf(BrokerId broker) {
        return live.getOrDefault(broker, BrokerEpoch.NONE);
    }

    @Override
    public boolean isInTouch() {
        return isInTouch;
    }

    @Override
    public boolean isMinInSyncStrict() {
        return strict;
    }

    @Override
    public ReplicationThrottle sending() {
        return sending;
    }

    @Override
    public void lookThrough(LeadersCopy copy, LeadersCopy.Asker asker) {
        copies.add(copy);
        askers.add(asker);
        if (isCopyWhole) {
            asker.answered(-1);
        }
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long replicaLagNs() {
        return TimeUnit.SECONDS.toNanos(10);
    }
}
