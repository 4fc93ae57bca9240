package io.ottla.replication;

/** Counts. */
final class TestingPartitionListener implements Partition.Listener {
    int shrunk;
    int expanded;
    int lost;

    @Override
    public void inSyncShrunk() {
        shrunk++;
    }

    @Override
    public void inSyncExpanded() {
        expanded++;
    }

    @Override
    public void lost(Partition partition) {
        lost++;
    }
}
